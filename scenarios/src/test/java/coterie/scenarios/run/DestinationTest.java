package coterie.scenarios.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.scenarios.config.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationTest {
    private static final int TOGETHER = 16;

    @TempDir
    private Path folder;

    @Test
    void theFirstFreeFolderIsTaken() throws IOException {
        Path first = folder.resolve("runs/a-1");
        assertThat(Destination.free(first).inWords()).isEqualTo(first.toString());
        Files.writeString(folder.resolve("runs/a-1.3"), "a file takes a name too");
        assertThat(Destination.free(first).folder()).isEqualTo(folder.resolve("runs/a-1.2"));
        Destination fourth = Destination.free(first);
        assertThat(fourth.folder()).isEqualTo(folder.resolve("runs/a-1.4")).isDirectory();
        assertThat(fourth.inWords()).isEqualTo(fourth.folder() + " (the next free folder: " + first + " exists)");
    }

    @Test
    void runsThatStartAtOnceGetDifferentFolders() throws Exception {
        CyclicBarrier start = new CyclicBarrier(TOGETHER);
        ExecutorService threads = Executors.newFixedThreadPool(TOGETHER);
        List<Path> got = new ArrayList<>();
        try {
            List<Callable<Destination>> all = new ArrayList<>();
            for (int k = 0; k < TOGETHER; k++) {
                all.add(() -> {
                    start.await();
                    return Destination.free(folder.resolve("runs/a-1"));
                });
            }
            for (Future<Destination> one : threads.invokeAll(all)) {
                got.add(one.get().folder());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(got).doesNotHaveDuplicates().hasSize(TOGETHER).contains(folder.resolve("runs/a-1.16"));
    }

    @Test
    void aFolderThatStaysEmptyIsDeletedAndOthersAreNot() throws IOException {
        try (Destination refused = Destination.free(folder.resolve("a"))) {
            FolderLock.take(refused.folder()).close();
            assertThat(refused.folder().resolve(".lock")).exists();
        }
        assertThat(folder.resolve("a")).doesNotExist();
        try (Destination begun = Destination.free(folder.resolve("a"))) {
            Files.writeString(begun.folder().resolve("scenario.yaml"), "name: a\n");
        }
        assertThat(folder.resolve("a/scenario.yaml")).exists();
        Path mine = Files.createDirectory(folder.resolve("mine"));
        try (Destination chosen = Destination.chosen(mine, false)) {
            assertThat(chosen.folder()).isEqualTo(mine);
        }
        assertThat(mine).isDirectory();
        Destination taken = Destination.free(folder.resolve("b"));
        FolderLock lock = FolderLock.take(taken.folder());
        try {
            assertThat(FolderLock.isHeld(taken.folder())).isTrue();
            taken.close();
            assertThat(taken.folder()).as("a process writes there").isDirectory();
        } finally {
            lock.close();
        }
        assertThat(FolderLock.isHeld(taken.folder())).isFalse();
        taken.close();
        assertThat(taken.folder()).doesNotExist();
    }

    @Test
    void aPlaceWhereNoFolderCanBeIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("runs"), "");
        assertThatThrownBy(() -> Destination.free(file.resolve("a-1")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there can be no folder");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
    }
}
