package coterie.model.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that killed writers have left are deleted, and nothing else. */
class AtomicFilesTest {
    @TempDir
    Path folder;

    /** Begins a file, prints that it has, and waits. */
    static final class Writing {
        private Writing() {}

        /** @param args the file */
        public static void main(String[] args) throws IOException {
            try (AtomicFiles.Aside aside = AtomicFiles.aside(Path.of(args[0]))) {
                System.out.write('w');
                System.out.flush();
                System.in.read();
                aside.commit();
            }
        }
    }

    private List<String> names() throws IOException {
        try (var list = Files.list(folder)) {
            return list.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatAKilledProcessLeftIsDeletedAndWhatALivingOneWritesIsNot() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int k = 0; k < 2; k++) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String file = folder.resolve("file-" + (char) ('a' + k)).toString();
            Process p = new ProcessBuilder(
                            java,
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writing.class.getName(),
                            file)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            processes.add(p);
            assertThat(p.getInputStream().read()).isEqualTo('w');
        }
        processes.get(0).destroyForcibly().waitFor();
        assertThat(names()).hasSize(2);
        AtomicFiles.sweep(folder, name -> name.startsWith("other"));
        assertThat(names()).as("files of other names").hasSize(2);
        for (int k = 0; k < 2; k++) {
            AtomicFiles.sweep(folder, name -> name.startsWith("file-"));
            assertThat(names()).singleElement().asString().matches("[.]file-b[0-9]+[.]part");
        }
        processes.get(1).getOutputStream().write('\n');
        processes.get(1).getOutputStream().close();
        assertThat(processes.get(1).waitFor()).isZero();
        assertThat(names()).containsExactly("file-b");
    }

    @Test
    void filesOfOtherMakersStay() throws IOException {
        List<String> others = List.of(".part", ".1.part", ".x.part", ".x12.part.txt", "x12.part", ".xa12b.part");
        for (String name : others) {
            Files.createFile(folder.resolve(name));
        }
        Files.createDirectory(folder.resolve(".folder12.part"));
        Files.createFile(folder.resolve(".x12.part"));
        AtomicFiles.sweep(folder, name -> true);
        assertThat(names())
                .doesNotContain(".x12.part")
                .contains(".folder12.part")
                .containsAll(others);
        AtomicFiles.sweep(folder.resolve("missing"), name -> true);
    }

    @Test
    void writersAndSweepersInOneProcessDoNotMeet() throws IOException, InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int thread = t;
            all.add(threads.submit(() -> {
                for (int k = 0; k < 50; k++) {
                    if (thread % 2 == 0) {
                        AtomicFiles.write(folder.resolve("file-" + thread), "text " + k);
                    } else {
                        AtomicFiles.sweep(folder, name -> true);
                    }
                }
                return null;
            }));
        }
        for (Future<?> f : all) {
            f.get();
        }
        threads.shutdown();
        assertThat(names()).containsExactly("file-0", "file-2");
    }

    @Test
    void aGroupMakesTheFoldersThatItNeeds() throws IOException {
        AtomicFiles.Group group = new AtomicFiles.Group();
        group.write(folder.resolve("a/b/x"), out -> out.write('1'));
        group.write(folder.resolve("a/y"), out -> out.write('2'));
        group.force();
        assertThat(folder.resolve("a/b/x")).content().isEqualTo("1");
        assertThat(folder.resolve("a/y")).content().isEqualTo("2");
    }
}
