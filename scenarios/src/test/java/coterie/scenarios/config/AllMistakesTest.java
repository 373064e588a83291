package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All mistakes of a scenario are told at once, in order of their place; what follows from another is not told. */
class AllMistakesTest {
    private static List<String> mistakes(String text, String... overrides) {
        InputException e = catchThrowableOfType(
                InputException.class, () -> ScenarioReader.read(Path.of("s.yaml"), text, List.of(overrides)));
        assertThat(e).as("refused").isNotNull();
        return e.mistakes();
    }

    /** Each message begins with one of these, in this order, and there are no others. */
    private static void assertBegin(List<String> messages, String... begins) {
        assertThat(messages).as(String.join("\n", messages)).hasSameSizeAs(begins);
        for (int k = 0; k < begins.length; k++) {
            assertThat(messages.get(k)).startsWith(begins[k]);
        }
    }

    @Test
    void mistakesOfEverySortAreToldInTheOrderOfTheFile() {
        assertBegin(
                mistakes("""
                        seed: 010
                        users: many
                        userz: 3
                        training: {iterations: 0, batch_size: 2, contxt: 4}
                        time:
                          loss: 2
                          latency: {model: uniform, min_ms: 9, max_ms: 1}
                          compute: {model: sluggish, mean_seconds: 3}
                        name: a/b
                        record: {samples: -1, samples: 2}
                        """),
                "s.yaml:1: seed: found 010",
                "s.yaml:2: users: must be a whole number",
                "s.yaml:3: userz: unknown key",
                "s.yaml:4: training.iterations: iterations must be at least 1, found 0",
                "s.yaml:4: training.contxt: unknown key",
                "s.yaml:6: time.loss: loss must lie in [0, 1), found 2",
                "s.yaml:7: time.latency.max_ms: max_ms must be at least min_ms",
                "s.yaml:8: time.compute.model: found \"sluggish\"",
                "s.yaml:9: name: name must be",
                "s.yaml:10: record.samples: appears twice");
    }

    @Test
    void itemsOfAListAreCheckedOneByOne() {
        assertBegin(
                mistakes("""
                        faults:
                          crashes:
                            - {user: x, at_seconds: y}
                            - {user: 1, at_seconds: 3}
                            - {user: 1, at: 3}
                            -
                        baselines: [local, locall, fedavgg]
                        topology:
                          kind: schedule
                          phases: [{from_seconds: 0, graph: {kind: torus, rowz: 1}}, {from_seconds: x, graph: {kind: ring}}]
                        """),
                "s.yaml:3: faults.crashes.0.user: must be a whole number",
                "s.yaml:3: faults.crashes.0.at_seconds: must be a number",
                "s.yaml:5: faults.crashes.2.at: unknown key",
                "s.yaml:6: faults.crashes.3: an item of a list must not be empty",
                "s.yaml:7: baselines.1: found \"locall\"",
                "s.yaml:7: baselines.2: found \"fedavgg\"",
                "s.yaml:10: topology.phases.0.graph.rowz: unknown key",
                "s.yaml:10: topology.phases.1.from_seconds: must be a number");
    }

    @Test
    void settingsThatDoNotFitTogetherAreToldBesideAMistakeElsewhere() {
        assertBegin(
                mistakes("""
                        faults: {crashes: [{user: 9, at_seconds: 3}, {user: 11, at_seconds: 3}]}
                        baselines: [local, local]
                        training: {betas: [0.9]}
                        """),
                "s.yaml:1: faults.crashes.0.user: users are 0 to 7",
                "s.yaml:1: faults.crashes.1.user: users are 0 to 7",
                "s.yaml:2: baselines: local stands there twice",
                "s.yaml:3: training.betas: betas must be two numbers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The number of users is not known.
                "users: many\nfaults: {crashes: [{user: 9, at_seconds: 3}]}\n",
                "userz: 20\nfaults: {crashes: [{user: 9, at_seconds: 3}]}\n",
                "users: -3\ntopology: {kind: k-regular, degree: 9}\n",
                // Whether the kind that was meant has a degree is not known.
                "topology: {kind: k-regulr, degree: 3}\n",
                "topology: {knid: k-regular, degree: 3}\n",
                // The learner that was meant may learn from vectors.
                "model: {learner: sofmax, l2: 0.1}\n",
                "model: {learner: softmax}\ndata: {source: vektors, path: x.csv}\ncollaboration: {strategy: local}\n",
                "data: {sorce: text, train_tokens: 5}\n",
                "training: {iterations: 500.5, schedule_iterations: 300}\n",
                "seed: x\n",
                // One mistake in a block says enough.
                "training: 7\n",
                "evaluation: {target: {metric: 3}}\n"
            })
    void whatFollowsFromAMistakeIsNotTold(String text) {
        assertThat(mistakes(text)).hasSize(1);
    }

    @Test
    void afterTwentyTheOthersAreCounted() {
        String many = IntStream.range(0, 25).mapToObj(k -> "k" + k + ": 1\n").collect(Collectors.joining());
        List<String> told = mistakes(many);
        assertThat(told).hasSize(21);
        assertThat(told.get(0)).startsWith("s.yaml:1: k0: unknown key");
        assertThat(told.get(20)).isEqualTo("s.yaml: 5 more mistakes are not shown");
    }

    @Test
    void mistakesOfOptionsComeAfterThoseOfTheFile() {
        assertBegin(
                mistakes("users: 0\ntime: {loss: 0.1}\n", "time.loss=2", "seed", "training.contxt=3", "name=010"),
                "s.yaml:1: users: users must be 1",
                "s.yaml: --set time.loss=2: time.loss: loss must lie in [0, 1), found 2",
                "s.yaml: --set seed: must be key.path=value",
                "s.yaml: --set training.contxt=3: training.contxt: unknown key",
                "s.yaml: --set name=010: name: found 010");
    }

    /** The file is right without the option. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "users=4 # topology: degree must be smaller than the number of users",
                "topology.degree=8 # topology: degree must be smaller than the number of users",
                "data.source=text # data.path: path must name",
                "data.heterogeneity=mixtures # data.mixtures: needs one map a user",
                "training.context=5000 # data.test_tokens: must be at least 5001",
                "collaboration.strategy=fedavg # baselines: fedavg is the run's own strategy",
                "time.mode=synchronous # ",
                "evaluation={target: {metric: f1, value: 1}} # evaluation.target.metric: this run does not measure"
            })
    void aSettingThatDoesNotFitTheFileIsTheOptionsMistake(String line) {
        String file = """
                users: 8
                topology: {kind: k-regular, degree: 6}
                data: {train_tokens: 9000}
                baselines: [fedavg]
                """;
        String setting = line.split(" # ")[0];
        if (line.endsWith("# ")) {
            assertThat(ScenarioReader.read(Path.of("s.yaml"), file, List.of(setting)))
                    .isNotNull();
            return;
        }
        assertThat(mistakes(file, "seed=3", setting, "name=x"))
                .allMatch(m -> m.startsWith("s.yaml: --set " + setting + ": "))
                .anyMatch(m -> m.startsWith("s.yaml: --set " + setting + ": " + line.split(" # ")[1]));
    }

    @Test
    void aMistakeOfTheFileStaysThereIfAnOptionIsRight() {
        assertBegin(
                mistakes("users: 8\ntopology: {kind: k-regular, degree: 9}\n", "seed=3", "time.loss=0.1"),
                "s.yaml:2: topology: degree must be smaller");
    }
}
