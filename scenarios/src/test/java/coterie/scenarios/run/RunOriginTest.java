package coterie.scenarios.run;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunOriginTest {
    @TempDir
    private Path folder;

    /** A run that is resumed knows what its baselines are like from its folder alone. */
    @Test
    void aBaselineThatIsBegunAfterAResumeHasTheSettingsThatItWouldHaveHad() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), """
                collaboration: {strategy: validation-performance, trust: {scale: 7, top_k: 2, threshold: -9}}
                baselines: [prediction-similarity, model-similarity, local]
                baseline_settings:
                  - {strategy: prediction-similarity, set: {collaboration.trust: {normalise: mean, scale: 3}}}
                  - {strategy: model-similarity, set: {collaboration.fidelity: released, collaboration.trust.scale: 7}}
                """);
        Loaded loaded = ScenarioReader.read(file, List.of());
        try (RunFolder begins = new RunFolder(folder.resolve("run"), loaded, false)) {
            RunOrigin origin = RunOrigin.of(loaded, folder, new InputHashes(), begins::under);
            Loaded again =
                    ScenarioReader.read(Files.writeString(folder.resolve("again.yaml"), loaded.yaml()), List.of());
            for (Strategy baseline : loaded.scenario().baselines()) {
                assertThat(begins.under(baseline).scenario())
                        .isEqualTo(loaded.under(baseline).scenario());
                assertThat(again.under(baseline, origin.settings(baseline, again))
                                .scenario())
                        .isEqualTo(loaded.under(baseline).scenario());
            }
        }
    }

    @Test
    void aSettingThatDoesNotAffectResultsMayChange() {
        Loaded loaded = ScenarioReader.read(Path.of("mine.yaml"), "users: 3\n", List.of());
        RunOrigin then = RunOrigin.of(loaded, folder, new InputHashes());
        Loaded saved = ScenarioReader.read(Path.of("mine.yaml"), "users: 3\n", List.of("checkpoints.keep=7"));
        assertThat(then.differences(RunOrigin.of(saved, folder, new InputHashes())))
                .isEmpty();
        Loaded evaluated = ScenarioReader.read(Path.of("mine.yaml"), "users: 3\n", List.of("evaluation.every=7"));
        assertThat(then.differences(RunOrigin.of(evaluated, folder, new InputHashes())))
                .singleElement()
                .asString()
                .startsWith("evaluation.every was ");
    }
}
