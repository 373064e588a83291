package coterie.scenarios.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.FileHash;
import coterie.scenarios.run.FolderLock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in one file: what is packed comes out again, and nothing else does. */
class PackedRunTest {
    @TempDir
    private Path folder;

    private Path run;
    private Path packed;

    @BeforeEach
    void pack() throws IOException {
        run = MadeRun.at(folder.resolve("runs/one"));
        MadeRun.at(run.resolve("baselines/local"));
        packed = folder.resolve("one.zip");
        new RunPack(run, false).write(packed);
    }

    private static void unpack(Path file, Path to, boolean overwrite) throws IOException {
        try (RunUnpack u = new RunUnpack(file)) {
            u.to(to, overwrite);
        }
    }

    /** Relative paths of all files except locks. */
    private static Stream<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all
                    .filter(p -> Files.isRegularFile(p)
                            && !p.getFileName().toString().equals(".lock"))
                    .map(root::relativize)
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** The packed run with other entries. */
    private Path forged(Consumer<Map<String, byte[]>> change) throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(packed.toFile())) {
            for (ZipEntry e : zip.stream().toList()) {
                all.put(e.getName(), zip.getInputStream(e).readAllBytes());
            }
        }
        change.accept(all);
        Path file = folder.resolve("forged.zip");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> e : all.entrySet()) {
                zip.putNextEntry(new ZipEntry(e.getKey()));
                zip.write(e.getValue());
            }
        }
        return file;
    }

    /** The index with another content for a file, as someone would write it who changes the index too. */
    private static void reindex(Map<String, byte[]> all, String path, String newPath) {
        try {
            ObjectNode index = (ObjectNode) new ObjectMapper().readTree(all.get(PackIndex.ENTRY));
            index.path("files").forEach(f -> {
                if (f.path("path").asText().equals(path)) {
                    FileHash hash = FileHash.of(all.get(newPath));
                    ((ObjectNode) f)
                            .put("path", newPath)
                            .put("bytes", hash.bytes())
                            .put("sha256", hash.sha256());
                }
            });
            all.put(PackIndex.ENTRY, index.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void refused(Path file, String... words) throws IOException {
        Path target = folder.resolve("target");
        assertThatThrownBy(() -> unpack(file, target, false))
                .isInstanceOf(InputException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
        assertThat(target).doesNotExist();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(p -> p.getFileName().toString()))
                    .as("nothing is left of it")
                    .noneMatch(n -> n.contains("target"));
        }
    }

    @Test
    void whatWasPackedComesOutAgain() throws IOException {
        Path target = folder.resolve("elsewhere/two");
        unpack(packed, target, false);
        assertThat(files(target)).containsExactlyElementsOf(files(run).toList());
        for (Path p : files(run).toList()) {
            assertThat(target.resolve(p)).hasSameBinaryContentAs(run.resolve(p));
        }
        Path again = folder.resolve("again.zip");
        new RunPack(target, false).write(again);
        try (ZipFile one = new ZipFile(packed.toFile());
                ZipFile two = new ZipFile(again.toFile())) {
            assertThat(two.size()).isEqualTo(one.size()).isEqualTo(15);
        }
        Path same = folder.resolve("same.zip");
        new RunPack(run, false).write(same);
        assertThat(same).hasSameBinaryContentAs(packed);
    }

    @Test
    void checkpointsArePackedOnRequest() throws IOException {
        Path checkpoint = Files.createDirectories(run.resolve("checkpoints")).resolve("00000001.checkpoint");
        Files.writeString(checkpoint, "state");
        Files.writeString(run.resolve("nohup.out"), "a log");
        new RunPack(run, false).write(packed);
        Path without = folder.resolve("without");
        unpack(packed, without, false);
        assertThat(without.resolve("checkpoints")).doesNotExist();
        new RunPack(run, true).write(packed);
        Path with = folder.resolve("with");
        unpack(packed, with, false);
        assertThat(with.resolve("checkpoints/00000001.checkpoint")).hasContent("state");
        assertThat(with.resolve("nohup.out")).as("no run writes it").doesNotExist();
    }

    @Test
    void aChangedFileIsRefusedByName() throws IOException {
        String turns = "turns.jsonl";
        byte[] other = "{\"turn\": 1}\n".repeat(100).getBytes(StandardCharsets.UTF_8);
        refused(forged(all -> all.put(turns, other)), "forged.zip: turns.jsonl was changed");
        refused(
                forged(all -> {
                    all.put(turns, other);
                    reindex(all, turns, turns);
                }),
                "forged.zip: turns.jsonl: was changed",
                "manifest.json");
        String baseline = "baselines/local/turns.jsonl";
        refused(
                forged(all -> {
                    all.put(baseline, other);
                    reindex(all, baseline, baseline);
                }),
                "forged.zip: baselines/local/turns.jsonl: was changed");
        refused(forged(all -> all.put(turns, new byte[1 << 20])), "turns.jsonl was changed: it is longer than");
        refused(forged(all -> all.put(turns, new byte[1])), "turns.jsonl was changed");
        refused(forged(all -> all.remove(turns)), "turns.jsonl is missing");
        refused(forged(all -> all.put("more.txt", other)), "more.txt does not belong to the run");
    }

    @Test
    void pathsThatLeaveTheFolderAreRefused() throws IOException {
        for (String path : new String[] {"../evil", "/tmp/evil", "a/../../evil", "a/./b", "\u001bevil"}) {
            refused(
                    forged(all -> {
                        all.put(path, all.get("report.html"));
                        all.remove("report.html");
                        reindex(all, "report.html", path);
                    }),
                    ".path must be a path in the run's folder");
        }
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void whatIsNoPackedRunIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.zip"), "no zip file");
        refused(text, "text.zip is not a packed run");
        refused(forged(all -> all.remove(PackIndex.ENTRY)), "there is no pack.json in it");
        refused(forged(all -> all.put(PackIndex.ENTRY, "{".getBytes(StandardCharsets.UTF_8))), "the file is damaged");
        byte[] bytes = Files.readAllBytes(packed);
        for (int cut : new int[] {0, 1, bytes.length / 2, bytes.length - 1}) {
            refused(Files.write(folder.resolve("cut.zip"), java.util.Arrays.copyOf(bytes, cut)), "cut.zip");
        }
    }

    @Test
    void aDamagedByteIsRefusedOrWithoutEffect() throws IOException {
        byte[] bytes = Files.readAllBytes(packed);
        Path wanted = folder.resolve("wanted");
        unpack(packed, wanted, false);
        int refused = 0;
        for (int at = 40; at < bytes.length; at += bytes.length / 20) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= 0x55;
            Path target = folder.resolve("target" + at);
            try {
                unpack(Files.write(folder.resolve("flipped.zip"), flipped), target, false);
                for (Path p : files(wanted).toList()) {
                    assertThat(target.resolve(p)).hasSameBinaryContentAs(wanted.resolve(p));
                }
            } catch (InputException e) {
                refused++;
                assertThat(target).doesNotExist();
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void nothingIsReplacedUnlessAsked() throws IOException {
        Path target = MadeRun.at(folder.resolve("there"));
        Files.writeString(target.resolve("report.html"), "old");
        assertThatThrownBy(() -> unpack(packed, target, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there exists already");
        assertThat(target.resolve("report.html")).hasContent("old");
        FolderLock lock = FolderLock.take(target);
        try {
            assertThatThrownBy(() -> unpack(packed, target, true))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("is in use");
        } finally {
            lock.close();
        }
        unpack(packed, target, true);
        assertThat(target.resolve("report.html")).hasContent("<html></html>");
        assertThat(target.resolve("baselines/local/summary.json")).exists();
        Path notes = Files.createDirectories(folder.resolve("notes"));
        Files.writeString(notes.resolve("scenario.yaml"), "name: mine\n");
        assertThatThrownBy(() -> unpack(packed, notes, true))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is not the folder of a run");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(p -> p.getFileName().toString())).noneMatch(n -> n.startsWith("."));
        }
    }

    @Test
    void aFolderThatAKilledProcessLeftIsDeleted() throws IOException {
        Path left = Files.createDirectories(folder.resolve(".two.unpack-123/baselines"));
        Files.writeString(left.resolve("scenario.yaml"), "half");
        unpack(packed, folder.resolve("two"), false);
        assertThat(left.getParent()).doesNotExist();
    }

    @Test
    void aRunThatWasChangedOrHasNotEndedIsNotPacked() throws IOException {
        Files.writeString(run.resolve("baselines/local/turns.jsonl"), "{}\n");
        assertThatThrownBy(() -> new RunPack(run, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("baselines/local/turns.jsonl: has 3 bytes");
        Path other = MadeRun.at(folder.resolve("runs/other"));
        Files.delete(other.resolve("manifest.json"));
        assertThatThrownBy(() -> new RunPack(other, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("it has not ended");
        assertThatThrownBy(() -> new RunPack(folder, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is not the folder of a run");
    }
}
