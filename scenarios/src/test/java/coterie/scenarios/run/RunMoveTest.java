package coterie.scenarios.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.scenarios.archive.MadeRun;
import coterie.scenarios.config.InputException;
import coterie.scenarios.listing.RunSearch;
import coterie.scenarios.results.HashCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are moved and deleted. */
class RunMoveTest {
    @TempDir
    private Path folder;

    private Path one;

    @BeforeEach
    void make() throws IOException {
        one = MadeRun.at(folder.resolve("runs/one"));
        MadeRun.at(one.resolve("baselines/local"));
    }

    private static Path move(Path from, Path to) throws IOException {
        return new RunMove(from, to, RunSearch.in(from)).move();
    }

    private static void refused(Path from, Path to, String words) {
        assertThatThrownBy(() -> move(from, to))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(words);
        assertThat(from).exists();
    }

    @Test
    void aRunIsRenamedOrMovedIntoAFolder() throws IOException {
        Path two = move(one, folder.resolve("new/two"));
        assertThat(one).doesNotExist();
        assertThat(two.resolve("baselines/local/summary.json")).exists();
        Path into = Files.createDirectories(folder.resolve("into"));
        assertThat(move(two, into)).isEqualTo(into.resolve("two"));
        assertThat(into.resolve("two/summary.json")).exists();
        assertThat(FolderLock.isHeld(into.resolve("two"))).isFalse();
        FolderLock.take(into.resolve("two")).close();
    }

    @Test
    void whatWouldBreakIsRefused() throws IOException {
        Path other = MadeRun.at(folder.resolve("runs/other"));
        refused(one, other, "exists already");
        refused(one, folder.resolve("runs/other/inside"), "lies in the folder of the run");
        refused(one, one.resolve("inside"), "cannot be moved into itself");
        refused(one.resolve("baselines/local"), folder.resolve("local"), "is a part of the run");
        refused(Files.createDirectories(folder.resolve("bare")), folder.resolve("x"), "contains none");
        FolderLock lock = FolderLock.take(one.resolve("baselines/local"));
        try {
            refused(one, folder.resolve("x"), "is in use");
        } finally {
            lock.close();
        }
        move(one, folder.resolve("x"));
    }

    @Test
    void aRunWithCheckpointsElsewhereKnowsItsNewFolder() throws IOException {
        Files.writeString(one.resolve("run.json"), MadeRun.origin(one, folder.resolve("checkpoints/a-1")));
        MadeRun.manifest(one);
        Path to = move(one, folder.resolve("to"));
        assertThat(RunOrigin.read(to).folder()).isEqualTo(to.toString());
        assertThat(new HashCheck(to).faults())
                .as("the manifest was written again")
                .isEmpty();
    }

    @Test
    void theTableOfAStudyNamesTheNewFolders() throws IOException {
        Path studies = folder.resolve("studies");
        Path run = MadeRun.at(studies.resolve("runs/abc-1"));
        Path table = Files.createDirectories(studies.resolve("loss")).resolve("runs.csv");
        Files.writeString(table, "folder,seed,variant\n" + run + ",1,\"0.1, a\"\n/other/run,2,\"b\"\n");
        refused(run, folder.resolve("x"), "is a run of the study " + table.getParent());
        Path to = move(studies, folder.resolve("kept"));
        assertThat(to.resolve("loss/runs.csv"))
                .hasContent("folder,seed,variant\n" + to.resolve("runs/abc-1") + ",1,\"0.1, a\"\n/other/run,2,\"b\"\n");
    }

    @Test
    void aRunIsDeletedWithItsBaselinesAndCheckpoints() throws IOException {
        Path shared = Files.createDirectories(folder.resolve("checkpoints/x-a-1"));
        Files.writeString(shared.resolve("00000001.checkpoint"), "state");
        Files.writeString(one.resolve("run.json"), MadeRun.origin(one, shared));
        RunRemoval.delete(one);
        assertThat(one).doesNotExist();
        assertThat(shared).doesNotExist();
        assertThat(folder.resolve("runs")).isEmptyDirectory();
    }

    @Test
    void onlyRunsThatHaveEndedAreDeleted() throws IOException {
        notDeleted(folder.resolve("runs"), "is not the folder of a run");
        Path scenarios = Files.createDirectories(folder.resolve("scenarios"));
        Files.writeString(scenarios.resolve("scenario.yaml"), "name: mine\n");
        notDeleted(scenarios, "is not the folder of a run");
        Path link = Files.createSymbolicLink(folder.resolve("link"), one);
        notDeleted(link, "is a link");
        Files.writeString(one.resolve("notes.txt"), "mine");
        notDeleted(one, "holds files that no run writes; move them away first: notes.txt");
        Files.delete(one.resolve("notes.txt"));
        FolderLock lock = FolderLock.take(one.resolve("baselines/local"));
        try {
            notDeleted(one, "is in use");
        } finally {
            lock.close();
        }
        // Cut short, when only the scenario was left.
        RunContents contents = new RunContents(one);
        FolderLock.take(one).close();
        contents.deleteResults();
        RunRemoval.delete(one);
        assertThat(one).doesNotExist();
    }

    private static void notDeleted(Path at, String words) {
        assertThatThrownBy(() -> RunRemoval.delete(at))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(words);
        assertThat(at).exists();
    }
}
