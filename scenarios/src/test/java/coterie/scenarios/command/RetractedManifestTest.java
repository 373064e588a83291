package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.actors.clock.Simulation;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.run.InputHashes;
import coterie.scenarios.run.LocalRunBackend;
import coterie.scenarios.run.ResumeRules;
import coterie.scenarios.run.RunBackend;
import coterie.scenarios.run.RunFolder;
import coterie.scenarios.run.RunSession;
import coterie.scenarios.run.RunWatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Hashes of a run that is interrupted, goes on, is killed, and goes on again: they never accuse what the run did. */
@Tag("slow")
class RetractedManifestTest {
    private static final String LONG = """
            name: long
            users: 3
            data: {source: 'builtin:romance', train_tokens: 200, validation_tokens: 50, test_tokens: 100,
              shared_tokens: 50}
            training: {iterations: 24, batch_size: 1, context: 16}
            collaboration: {strategy: fedavg, every: 1}
            evaluation: {every: 10}
            record: {samples: 0}
            checkpoints: {every_turns: 12}
            """;
    private static final long POLL_MILLIS = 20;

    @TempDir
    private Path folder;

    private Path run;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @BeforeEach
    void capture() {
        run = folder.resolve("run");
    }

    private void verify(int code, String word) {
        assertThat(terminal.coterie("verify", run.toString()))
                .as(terminal.said())
                .isEqualTo(code);
        assertThat(terminal.said()).contains(word);
    }

    private static JsonNode summary(Path run) throws IOException {
        return new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    }

    /** Stops a run when its first turns are on disk. */
    private static final class Stopping implements RunWatcher {
        private View view;

        @Override
        public void begins(View begun) {
            view = begun;
        }

        @Override
        public void started(Simulation simulation) {
            new Thread(
                            () -> {
                                try {
                                    while (Files.size(view.folder().resolve("turns.jsonl")) == 0) {
                                        Thread.sleep(POLL_MILLIS);
                                        view.flush().run();
                                    }
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                simulation.stop();
                            },
                            "stopping")
                    .start();
        }
    }

    /** Fails as soon as the files of the run are open: so a run leaves them that is killed there. */
    private static final class Killing implements RunWatcher {
        @Override
        public void begins(View begun) {
            throw new IllegalStateException("killed");
        }

        @Override
        public void started(Simulation simulation) {
            throw new AssertionError("it is never started");
        }
    }

    private void begin(Loaded loaded, RunBackend backend, RunWatcher watcher) throws IOException {
        try (RunFolder begun = new RunFolder(run, loaded, false)) {
            RunSession.simulate(begun, backend, null, watcher);
        }
    }

    private void resume(RunBackend backend, RunWatcher watcher) throws IOException {
        try (RunFolder begun = RunFolder.existing(run)) {
            begun.prepare(new ResumeRules(false, false, false), new InputHashes());
            RunSession.simulate(begun, backend, null, watcher);
        }
    }

    @Test
    void aRunThatWasInterruptedAndKilledAndGoesOnIsNeverAccused() throws IOException {
        Path scenario = Files.writeString(folder.resolve("long.yaml"), LONG);
        Loaded loaded = ScenarioReader.read(scenario, List.of());
        try (RunBackend backend = LocalRunBackend.load(loaded, new HostDevice("cpu", 1, 1))) {
            begin(loaded, backend, new Stopping());
            assertThat(summary(run).path("status").asText()).isEqualTo("interrupted");
            verify(0, "files, all of them can be true");
            byte[] manifest = Files.readAllBytes(run.resolve("manifest.json"));
            assertThatThrownBy(() -> resume(backend, new Killing())).hasMessage("killed");
            assertThat(run.resolve("manifest.json")).doesNotExist();
            assertThat(run.resolve("summary.json")).doesNotExist();
            assertThat(terminal.coterie("runs", run.toString())).isZero();
            assertThat(terminal.out()).contains(" failed ");
            assertThat(terminal.err()).isEqualTo("coterie: failed: " + run + ": killed\n");
            verify(0, "no manifest.json: hashes were not checked");
            assertThat(Main.execute("resume", run.toString(), "--quiet"))
                    .as(terminal.said())
                    .isZero();
            verify(0, "files, all of them can be true");
            assertThat(run.resolve("run.json")).content().doesNotContain("failure");
            assertThat(Files.readAllBytes(run.resolve("manifest.json"))).isNotEqualTo(manifest);
        }
        // Killed between the manifest and the summary, or the summary was removed: that cannot be told apart.
        Files.delete(run.resolve("summary.json"));
        verify(1, "summary.json: is missing: it was removed, or the run was killed just before it was written");
        assertThat(Main.execute("resume", run.toString(), "--quiet"))
                .as(terminal.said())
                .isZero();
        verify(0, "files, all of them can be true");

        Path whole = folder.resolve("whole");
        assertThat(Main.execute("run", scenario.toString(), "--quiet", "--threads", "2", "--out", whole.toString()))
                .as(terminal.said())
                .isZero();
        for (String key : List.of("trace_hash", "records", "records_hash")) {
            assertThat(summary(run).get(key))
                    .as(key)
                    .isNotNull()
                    .isEqualTo(summary(whole).get(key));
        }
        assertThat(Main.execute(
                        "run", scenario.toString(), "--quiet", "--overwrite", "--seed", "2", "--out", whole.toString()))
                .as(terminal.said())
                .isZero();
        assertThat(summary(run).get("records_hash")).isNotEqualTo(summary(whole).get("records_hash"));
    }
}
