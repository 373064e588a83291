package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.run.FolderLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** One process at a time writes into a run's folder, and only what it may replace is replaced. */
class RunFolderTest extends RunFolderFixture {
    @Test
    void onlyOneProcessWritesIntoAFolder() throws IOException, InterruptedException, TimeoutException {
        Path scenario = Files.writeString(folder.resolve("long.yaml"), SMALL);
        try (Processes processes = new Processes(folder)) {
            Processes.Running other = processes.start(
                    "run",
                    scenario.toString(),
                    "--out",
                    run.toString(),
                    "--quiet",
                    "--threads",
                    "1",
                    "--set",
                    "training.iterations=1000000");
            Processes.until("it was saved", () -> {
                try {
                    return Files.isDirectory(run.resolve("checkpoints"))
                            && !checkpoints(run).isEmpty();
                } catch (IOException | UncheckedIOException e) {
                    return false;
                }
            });
            String holder = "in use by process " + other.process().pid() + " on ";
            assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isEqualTo(2);
            assertThat(said()).contains(run.toString(), holder);
            assertThat(coterie("run", scenario.toString(), "--out", run.toString(), "--overwrite"))
                    .isEqualTo(2);
            assertThat(said()).contains(holder);
            other.process().destroyForcibly().waitFor();
            FolderLock.take(run).close();
        }
    }

    @Test
    void aLockIsHeldAgainstItsOwnProcessToo() throws IOException {
        interrupted();
        FolderLock lock = FolderLock.take(run);
        try {
            assertThat(coterie("resume", run.toString(), "--quiet")).isEqualTo(2);
            assertThat(said()).contains(run + " is in use by this process");
        } finally {
            lock.close();
        }
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isZero();
    }

    @Test
    void aLockThatIsALinkIsNotFollowed() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "kept");
        interrupted();
        Files.delete(run.resolve(".lock"));
        Files.createSymbolicLink(run.resolve(".lock"), precious);
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isEqualTo(2);
        assertThat(precious).hasContent("kept");
    }

    @Test
    void overwritingSparesABaselineThatIsInUse() throws IOException {
        run(run, "--set", "baselines=[local]");
        Map<Path, byte[]> before = content(run);
        FolderLock lock = FolderLock.take(run.resolve("baselines/local"));
        try {
            assertThat(coterie("run", folder.resolve("small.yaml").toString(), "--out", run.toString(), "--overwrite"))
                    .isEqualTo(2);
            assertThat(said()).contains("baselines/local is in use");
            assertSame(content(run), before);
        } finally {
            lock.close();
        }
        run(run, "--overwrite");
        assertThat(run.resolve("baselines")).doesNotExist();
    }

    @Test
    void whatIsToBeOverwrittenStaysWhereTheNewRunIsRefused() throws IOException {
        run(run, "--set", "baselines=[local]");
        Map<Path, byte[]> before = content(run);
        assertThat(coterie(
                        "run",
                        folder.resolve("small.yaml").toString(),
                        "--out",
                        run.toString(),
                        "--overwrite",
                        "--set",
                        "data.source=text",
                        "--set",
                        "data.path=" + folder.resolve("nowhere")))
                .as(said())
                .isEqualTo(2);
        assertThat(said()).contains("there is no such file or folder");
        assertSame(content(run), before);
        run(run, "--overwrite", "--set", "training.iterations=4");
        assertThat(run.resolve("baselines")).doesNotExist();
        assertThat(run.resolve("scenario.yaml")).content().contains("iterations: 4");
    }

    @Test
    void whatAKilledProcessHasBegunToWriteIsNoResult() throws IOException {
        Files.createDirectories(run);
        Files.writeString(run.resolve(".scenario.yaml123.part"), "na");
        run(run);
        assertThat(run.resolve(".scenario.yaml123.part")).doesNotExist();
    }

    @Test
    void aBaselineThatHasNotBegunIsAfterwardsWhatItWouldHaveBeen() throws IOException {
        run(run, "--set", "collaboration.strategy=prediction-similarity", "--set", "baselines=[model-similarity]");
        Path baseline = run.resolve("baselines/model-similarity");
        byte[] scenario = Files.readAllBytes(baseline.resolve("scenario.yaml"));
        byte[] trust = Files.readAllBytes(baseline.resolve("trust.jsonl"));
        assertThat(baseline.resolve("scenario.yaml")).content().contains("scale: 1.0");
        assertThat(coterie("resume", run.toString(), "--quiet")).isEqualTo(2);
        assertThat(said()).contains("the run is completed");
        for (int round = 0; round < 2; round++) {
            delete(baseline);
            Files.delete(run.resolve("summary.json"));
            if (round == 1) {
                // It begins again, from a scenario that leaves nothing open.
                editOrigin("id", "another");
            }
            assertThat(coterie("resume", run.toString(), "--quiet", "--from-start"))
                    .as(said())
                    .isZero();
            assertThat(baseline.resolve("scenario.yaml")).hasBinaryContent(scenario);
            assertThat(baseline.resolve("trust.jsonl")).hasBinaryContent(trust);
        }
    }

    @Test
    void aRunThatBeginsAgainOtherwiseTakesItsBaselinesAlong() throws IOException {
        run(run, "--set", "baselines=[local]");
        Path baseline = run.resolve("baselines/local");
        Path scenario = run.resolve("scenario.yaml");
        Files.writeString(scenario, Files.readString(scenario).replace("users: 2", "users: 3"));
        refusesToGoOn("users was 2", "--from-start");
        assertThat(coterie("resume", run.toString(), "--quiet", "--from-start"))
                .as(said())
                .isZero();
        assertThat(said()).contains(baseline + ": begins again", "users is 2 here and 3 there");
        assertThat(baseline.resolve("scenario.yaml")).content().contains("users: 3");
        assertThat(baseline.resolve("adapters/user-2")).isDirectory();
    }
}
