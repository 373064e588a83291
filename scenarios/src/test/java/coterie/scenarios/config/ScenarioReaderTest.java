package coterie.scenarios.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.actors.schedule.Mode;
import coterie.model.adapter.AdapterLayout;
import coterie.model.trust.AdaptiveRefresh;
import coterie.model.trust.LogitSimilarity;
import coterie.model.trust.PredictionSimilarity;
import coterie.model.trust.Refresh;
import coterie.model.trust.StalenessDiscount;
import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.Faults;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.TopologyModel;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.network.NetworkPartition;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioReaderTest {
    @TempDir
    Path folder;

    private ScenarioReader.Loaded read(String text, String... overrides) throws IOException {
        Path file = folder.resolve("s.yaml");
        Files.writeString(file, text);
        return ScenarioReader.read(file, List.of(overrides));
    }

    @Test
    void whatTheReleasedCodeLeavesOnOrStretchesCanBeSaid() {
        assertThat(ScenarioReader.read(Path.of("x.yaml"), "users: 2\n", List.of())
                        .scenario()
                        .model()
                        .evaluationDropout())
                .isFalse();
        assertThat(ScenarioReader.read(Path.of("x.yaml"), "collaboration: {fidelity: released}\n", List.of())
                        .scenario()
                        .model()
                        .evaluationDropout())
                .isTrue();
        assertThat(ScenarioReader.read(
                                Path.of("x.yaml"), "training: {iterations: 5, schedule_iterations: 200}\n", List.of())
                        .scenario()
                        .training()
                        .scheduleIterations())
                .isEqualTo(200);
        assertThatThrownBy(() -> ScenarioReader.read(
                        Path.of("x.yaml"), "training: {iterations: 5, schedule_iterations: 4}\n", List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("schedule_iterations");
    }

    @Test
    void aMapWithoutKeysIsAScenarioOfDefaults() throws IOException {
        Scenario s = read("{}").scenario();
        assertThat(s.users()).isEqualTo(8);
        assertThat(s.topology()).isEqualTo(new GraphModel.Ring());
        assertThat(s.time().compute()).isEqualTo(new ComputeTime.LogNormal(30, 0.5));
        assertThat(s.collaboration().trust().scale()).isEqualTo(8);
    }

    @Test
    void aScenarioAsAPersonWouldWriteIt() throws IOException {
        Scenario s = read("""
                name: multiwiki-high-async-ring
                seed: 1
                users: 9
                model: {base: builtin:tiny, lora: {rank: 4, alpha: 32, dropout: 0.1, targets: [attention, mlp]}}
                data: {source: text, path: data/multi-wiki, heterogeneity: high, \
                train_tokens: 100000, validation_tokens: 10000,
                       test_tokens: 10000, shared_tokens: 20000}
                training: {iterations: 500, batch_size: 8, accumulation_steps: 1, context: 64, learning_rate: 0.002, \
                schedule: one-cycle}
                collaboration: {strategy: prediction-similarity, exchange: parameters, start_after: 100, every: 25,
                                trust: {refresh: every-turn, top_k_logits: 100}, \
                staleness: {discount: polynomial, exponent: 0.5}}
                topology: {kind: ring}
                time: {clock: virtual, mode: asynchronous, compute: {model: lognormal, mean_seconds: 30, sigma: 0.5},
                       latency: {model: uniform, min_ms: 20, max_ms: 200}, loss: 0.01}
                participation: {model: bernoulli, probability: 0.7}
                evaluation: {every: 25}
                baselines: [local, fedavg]
                """).scenario();
        assertThat(s.participation().model()).isEqualTo(new Participation.Bernoulli(0.7));
        assertThat(s.collaboration().staleness().discount()).isEqualTo(new StalenessDiscount.Polynomial(0.5));
        assertThat(s.time().latency()).isEqualTo(new Latency.Uniform(20, 200));
        assertThat(s.baselines()).containsExactly(Strategy.of("local"), Strategy.of("fedavg"));
    }

    @Test
    void jsonIsReadToo() throws IOException {
        assertThat(read("{\"users\": 4, \"time\": {\"mode\": \"synchronous\"}}")
                        .scenario()
                        .time()
                        .mode())
                .isEqualTo(Mode.SYNCHRONOUS);
    }

    @Test
    void aChosenKindBringsItsOwnDefaults() throws IOException {
        assertThat(read("time: {compute: {model: constant}}").scenario().time().compute())
                .isEqualTo(new ComputeTime.Constant(30));
    }

    @Test
    void whatIsLeftOpenFollowsStrategyAndFidelity() throws IOException {
        Scenario released = read("collaboration: {fidelity: released}").scenario();
        assertThat(released.model().adapter().init()).isEqualTo(AdapterLayout.Start.RELEASED);
        assertThat(released.collaboration().trust().normalise()).isEqualTo(LogitSimilarity.Normalise.ROW);
        assertThat(released.collaboration().trust().scale()).isEqualTo(10);
        assertThat(released.collaboration().trust().positions()).isEqualTo(Scenario.Positions.LAST);
        assertThat(released.collaboration().trust().sharedWindows()).isEqualTo(200);
        assertThat(released.model().baseDropout()).isEqualTo(0.2);
        assertThat(released.model().evaluationDropout()).isTrue();
        assertThat(released.evaluation().protocol()).isEqualTo(Scenario.TestSet.RELEASED);
        Scenario paper = read("{}").scenario();
        assertThat(paper.model().baseDropout()).isZero();
        assertThat(read("model: {base_dropout: 0.1}\ncollaboration: {fidelity: released}")
                        .scenario()
                        .model()
                        .baseDropout())
                .as("what is said counts")
                .isEqualTo(0.1);
    }

    @Test
    void eachFidelityHasItsOwnPredictionSimilarity() throws IOException {
        Scenario.Trust own = read("{}").scenario().collaboration().trust();
        assertThat(own.compare()).isEqualTo(PredictionSimilarity.Compare.CHANGES);
        assertThat(own.normalise()).isNull();
        Scenario.Trust paper = read("collaboration: {fidelity: paper}")
                .scenario()
                .collaboration()
                .trust();
        assertThat(paper.compare()).isEqualTo(PredictionSimilarity.Compare.LOGITS);
        assertThat(paper.normalise()).as("equation 4 divides by nothing").isEqualTo(LogitSimilarity.Normalise.NONE);
        assertThat(paper.scale()).isEqualTo(1);
        Scenario.Trust logits = read("collaboration: {trust: {compare: logits}}")
                .scenario()
                .collaboration()
                .trust();
        assertThat(logits.normalise()).isEqualTo(LogitSimilarity.Normalise.MEAN);
        assertThat(logits.scale()).isEqualTo(3);
        assertThat(read("collaboration: {trust: {normalise: positions}}")
                        .scenario()
                        .collaboration()
                        .trust()
                        .compare())
                .as("only distances of logits are divided")
                .isEqualTo(PredictionSimilarity.Compare.LOGITS);
        assertThatThrownBy(() -> read("collaboration: {trust: {compare: changes, normalise: row}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("collaboration.trust.normalise")
                .hasMessageContaining("compare: logits");
    }

    @ParameterizedTest
    @CsvSource({"none, 1", "positions, 1", "row, 10", "mean, 3"})
    void theScaleOfDistancesBelongsToTheirUnit(String normalise, double scale) throws IOException {
        for (String fidelity : new String[] {"coterie", "paper", "released"}) {
            assertThat(read("collaboration: {fidelity: %s, trust: {normalise: %s}}".formatted(fidelity, normalise))
                            .scenario()
                            .collaboration()
                            .trust()
                            .scale())
                    .as(fidelity)
                    .isEqualTo(scale);
            assertThat(read("collaboration: {fidelity: %s, trust: {compare: changes}}".formatted(fidelity))
                            .scenario()
                            .collaboration()
                            .trust()
                            .scale())
                    .as(fidelity)
                    .isEqualTo(8);
        }
    }

    @Test
    void validationPerformanceIsSharpUnlessThePaperIsFollowed() throws IOException {
        String s2 = "collaboration: {strategy: validation-performance, fidelity: %s}";
        assertThat(read(s2.formatted("coterie"))
                        .scenario()
                        .collaboration()
                        .trust()
                        .scale())
                .isEqualTo(40);
        assertThat(read(s2.formatted("paper"))
                        .scenario()
                        .collaboration()
                        .trust()
                        .scale())
                .isEqualTo(1);
        assertThat(read(s2.formatted("released"))
                        .scenario()
                        .collaboration()
                        .trust()
                        .scale())
                .isEqualTo(1);
    }

    @Test
    void aBaselineTakesItsOwnDefaultsUnlessToldOtherwise() throws IOException {
        ScenarioReader.Loaded loaded = read("""
                collaboration:
                  strategy: prediction-similarity
                  trust: {scale: 7, top_k: 2, threshold: -9, refresh: every-4-turns, shared_windows: 5}
                baselines: [fedavg, validation-performance, model-similarity]
                baseline_settings:
                  - {strategy: model-similarity, set: {collaboration.trust.scale: 12, collaboration.trust: {top_k: 3}}}
                """);
        Scenario.Trust s2 = loaded.under(Strategy.of("validation-performance"))
                .scenario()
                .collaboration()
                .trust();
        assertThat(s2.scale()).isEqualTo(40);
        assertThat(s2.topK()).isZero();
        assertThat(s2.threshold()).isNull();
        assertThat(s2.refresh())
                .as("what is not a strategy's own holds for all")
                .isEqualTo(new Refresh.EveryTurns(4));
        Scenario.Trust s1 = loaded.under(Strategy.of("model-similarity"))
                .scenario()
                .collaboration()
                .trust();
        assertThat(s1.scale()).isEqualTo(12);
        assertThat(s1.topK()).isEqualTo(3);
        ScenarioReader.Loaded again = read(loaded.yaml());
        assertThat(again.under(Strategy.of("model-similarity")).scenario())
                .isEqualTo(loaded.under(Strategy.of("model-similarity")).scenario());
        assertThat(again.under(Strategy.of("validation-performance")).scenario())
                .isEqualTo(loaded.under(Strategy.of("validation-performance")).scenario());
    }

    @Test
    void whatABaselinesSettingsLeaveOpenIsTheSameWhenTheResolvedScenarioIsReadAgain() throws IOException {
        ScenarioReader.Loaded loaded = read("""
                collaboration: {strategy: validation-performance}
                baselines: [prediction-similarity, model-similarity, local]
                baseline_settings:
                  - {strategy: prediction-similarity, set: {collaboration.trust: {normalise: mean, scale: 3}}}
                  - {strategy: model-similarity, set: {collaboration.fidelity: released,
                          collaboration.trust.positions: all}}
                  - {strategy: local, set: {seed: 5}}
                """);
        assertThat(loaded.under(Strategy.of("prediction-similarity"))
                        .scenario()
                        .collaboration()
                        .trust()
                        .compare())
                .isEqualTo(PredictionSimilarity.Compare.LOGITS);
        ScenarioReader.Loaded again = read(loaded.yaml());
        assertThat(again.resolved()).isEqualTo(loaded.resolved());
        for (Strategy baseline : loaded.scenario().baselines()) {
            assertThat(again.under(baseline).scenario())
                    .isEqualTo(loaded.under(baseline).scenario());
        }
    }

    @Test
    void settingsOfABaselineThatIsNoneAreRefused() {
        assertThatThrownBy(() -> read("baselines: [fedavg]\nbaseline_settings: [{strategy: local, set: {seed: 2}}]"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("baseline_settings.0.strategy")
                .hasMessageContaining("fedavg");
        assertThatThrownBy(() -> read("baselines: [fedavg]\nbaseline_settings: [{strategy: fedavg, set: {sead: 2}}]"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("baseline_settings.0.set")
                .hasMessageContaining("sead");
        for (String set :
                List.of("collaboration.strategy: oracle", "collaboration: {strategy: oracle}", "baselines: [oracle]")) {
            assertThatThrownBy(() ->
                            read("baselines: [fedavg]\nbaseline_settings: [{strategy: fedavg, set: {" + set + "}}]"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("baseline_settings.0.set")
                    .hasMessageContaining("must not be set");
        }
        for (String wrong : new String[] {"scale: .inf", "scale: .nan", "threshold: .nan"}) {
            assertThatThrownBy(() -> read("collaboration: {trust: {" + wrong + "}}"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("collaboration.trust." + wrong.split(":")[0]);
        }
    }

    @Test
    void theResolvedScenarioReadAgainIsTheSame() throws IOException {
        ScenarioReader.Loaded first =
                read("users: 5\nparticipation: {model: bernoulli, probability: 0.5, idle: sleep}\nseed: 9");
        ScenarioReader.Loaded again = read(first.yaml());
        assertThat(again.scenario()).isEqualTo(first.scenario());
        assertThat(again.yaml()).isEqualTo(first.yaml());
    }

    @Test
    void overridesAreLaidOverTheFile() throws IOException {
        Scenario s = read(
                        "users: 5",
                        "users=6",
                        "training.learning_rate=0.1",
                        "topology={kind: full}",
                        "baselines=[local]")
                .scenario();
        assertThat(s.users()).isEqualTo(6);
        assertThat(s.training().learningRate()).isEqualTo(0.1);
        assertThat(s.topology()).isEqualTo(new GraphModel.Full());
        assertThatThrownBy(() -> read("{}", "users"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("key.path=value");
        assertThatThrownBy(() -> read("{}", "time.clok=virtual"))
                .hasMessageContaining("time.clok: unknown key")
                .hasMessageContaining("did you mean clock?");
    }

    @Test
    void aMapIsLaidOverKeyByKey() throws IOException {
        String file = """
                training: {iterations: 7, context: 16}
                time:
                  mode: synchronous
                  loss: 0.25
                  compute: {model: lognormal, mean_seconds: 12, sigma: 2}
                """;
        Scenario s = read(file, "training={context: 32}", "time={loss: 0.5, compute: {sigma: 1}}")
                .scenario();
        assertThat(s.training().iterations()).isEqualTo(7);
        assertThat(s.training().context()).isEqualTo(32);
        assertThat(s.time().mode()).isEqualTo(Mode.SYNCHRONOUS);
        assertThat(s.time().loss()).isEqualTo(0.5);
        assertThat(s.time().compute()).isEqualTo(new ComputeTime.LogNormal(12, 1));
        assertThat(read(file, "time={}").scenario()).isEqualTo(read(file).scenario());
        assertThat(read(file, "time=~").scenario().time())
                .as("nothing puts a block back")
                .isEqualTo(read("{}").scenario().time());
        assertThat(read(
                                "topology: {kind: schedule, phases: [{from_seconds: 0, graph: {kind: torus, "
                                        + "rows: 2}}]}",
                                "topology={phases: [{from_seconds: 0, graph: {kind: full}}]}")
                        .resolved()
                        .at("/topology/phases/0/graph/kind")
                        .asText())
                .as("a list is put in the place of a list")
                .isEqualTo("full");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "time.compute.model=stragglers",
                "time.compute={model: stragglers}",
                "time={compute: {model: stragglers}}"
            })
    void settingsOfTheOldModelGoWithItAndThoseOfBothStay(String override) throws IOException {
        String file = "topology: {kind: torus, rows: 2}\n"
                + "time: {compute: {model: lognormal, mean_seconds: 12, sigma: 2}}";
        assertThat(read(file, override).scenario().time().compute())
                .isEqualTo(new ComputeTime.Stragglers(12, 2, 0.2, 5));
        for (String kind : List.of("topology.kind=full", "topology={kind: full}")) {
            assertThat(read(file, kind).scenario().topology()).isEqualTo(new GraphModel.Full());
        }
    }

    @Test
    void settingsThatNoModelHasAreRefusedStill() {
        assertThatThrownBy(() -> read("topology: {kind: torus, rowz: 2}", "topology={kind: full}"))
                .hasMessageContaining("s.yaml:1: topology.rowz: unknown key");
        assertThatThrownBy(() -> read("topology: {kind: torus, rows: 2}", "topology={kind: full, rows: 2}"))
                .hasMessageContaining("--set topology={kind: full, rows: 2}: topology.rows: unknown key");
        assertThatThrownBy(() -> read("topology: {kind: torus, rows: 2}", "topology={rows: x}"))
                .hasMessageContaining("--set topology={rows: x}: topology.rows");
        assertThatThrownBy(() -> read("topology: {kind: torus,\n rows: x}", "topology={kind: torus}"))
                .hasMessageContaining("s.yaml:2: topology.rows");
    }

    /** One mistake a line; the message must hold the file and line, the key path, and what would do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            userz: 3 | s.yaml:1: userz: unknown key | did you mean users?
            training: {iteratons: 3} | training.iteratons: unknown key | did you mean iterations?
            users: many                                         | s.yaml:1: users: must be a whole number | found "many"
            users: 2.5                                          | users: must be a whole number     | found 2.5
            users: 0                                            | users: users must be 1            | found 0
            users: "3"                                          | users: must be a whole number     | found "3"
            training: 7                                         | training: must be a map           | iterations
            topology: {kind: rong}                              | topology.kind: found "rong"       | did you mean ring?
            topology: {kind: ring, degree: 3}                   | topology.degree: unknown key      | kind
            time: {mode: async} | time.mode: found "async" | synchronous, asynchronous
            time: {latency: {model: uniform, min_ms: 9, max_ms: 1}} \
            | time.latency.max_ms: max_ms must be at least min_ms | 9
            time: {compute: {model: lognormal, mean: 3}} | time.compute.mean: unknown key | did you mean mean_seconds?
            model: {lora: {rank: 0}}                            | model.lora.rank: rank must be at least 1 | found 0
            model: {lora: {targets: [atention]}} | model.lora.targets.0: found "atention" | did you mean attention?
            collaboration: {strategy: fedavg-then-locl} | collaboration.strategy | did you mean fedavg-then-local?
            collaboration: {trust: {refresh: sometimes}}        | collaboration.trust.refresh       | every-N-turns
            baselines: [local, locall] | baselines.1: found "locall" | did you mean local?
            baselines: [prediction-similarity] | baselines: prediction-similarity | own strategy already
            data: {shared_tokens: 0} | data.shared_tokens | shared set of at least 65
            data: {test_tokens: 20}                             | data.test_tokens                  | at least 65
            data: {source: text}                                | data.path: path must name a file | found nothing
            data: {source: 'builtin:klingon'} | data.source: there is no built-in corpus klingon | builtin:romance
            data: {source: news} | data.source: found "news" | text, ag-news, builtin:NAME
            data: {heterogeneity: mixtures, mixtures: [{english: 1}]} | data.mixtures | needs one map a user (8)
            name: ../../etc                                     | name: name must be                | letters, digits
            participation: {model: bernoulli, probability: 2}   | probability must lie in (0, 1]    | found 2
            collaboration: {trust: {refresh: budget}} | collaboration.trust.refresh | older-than-N-seconds
            collaboration: {trust: {refresh: adaptive, budget: 2}} | budget must be greater than 0 | found 2
            collaboration: {trust: {refresh: on-receipt, reserve: 2}} | collaboration.trust.reserve: unknown key | top_k
            topology: {kind: k-regular, degree: 9} | topology: degree must be smaller | found degree 9 of 8 users
            topology: {kind: file}                              | topology.path: path must name     | a file
            topology: {kind: file, path: nowhere.edges} | topology: nowhere.edges: there is no such file | s.yaml
            topology: {kind: schedule, phases: [{from_seconds: 5, graph: {kind: ring}}]} \
            | topology.phases: phases must list | from_seconds: 0
            topology: {kind: schedule, phases: [{from_seconds: 0, graph: {kind: ring, degree: 2}}]} \
            | topology.phases.0.graph.degree: unknown key | kind
            topology: {kind: schedule, phases: [{from_seconds: 0}]} \
            | topology.phases.0: must be a map with from_seconds and graph | found a map
            `{topology: {kind: erdos-renyi, probability: 0}, collaboration: {strategy: fedavg}}` \
            | topology: the graph falls into 8 parts | fedavg needs one
            `{collaboration: {strategy: ad-psgd}, users: 5}` | topology: ad-psgd needs a bipartite graph | even length
            `{collaboration: {strategy: fedbuff}}`              | topology: fedbuff needs a star    | user 0
            `{collaboration: {strategy: swift}, time: {mode: synchronous}}` | time.mode: swift is asynchronous \
            | found synchronous
            `{topology: {kind: trusted-peers}, time: {mode: synchronous}}` | time: users that wait for one another \
            | trust
            data: {drift: [{shift: 1}]} | data.drift.0: either at_seconds, or from_seconds and until_seconds | found none
            data: {drift: [{at_seconds: 1, from_seconds: 2, until_seconds: 3, shift: 1}]} \
            | data.drift.0: either at_seconds | found at_seconds and from_seconds and until_seconds
            data: {drift: [{from_seconds: 3, until_seconds: 3, shift: 1}]} \
            | data.drift.0.until_seconds: until_seconds must be later than from_seconds | found 3.0
            data: {drift: [{at_seconds: 0, shift: 1}]} | data.drift.0.at_seconds: at_seconds must be greater than 0 \
            | found 0.0
            data: {drift: [{at_seconds: 5}]} | data.drift.0: either mixture or shift must be given | found none
            data: {drift: [{at_seconds: 5, shift: -1}]} | data.drift.0.shift: shift must not be negative | found -1
            data: {drift: [{at_seconds: 5, mixture: {english: 0.5}}]} | data.drift.0.mixture: shares must not be \
            | must sum to 1
            data: {drift: [{at_seconds: 5, shift: 1}, {at_seconds: 5, shift: 1, ids: [0, 8]}]} \
            | data.drift.1.ids: users are 0 to 7 | found 8
            data: {drift: [{at_seconds: 5, shift: 1, share: 0.01}]} | data.drift.0.share: is the data of no user | 0.01
            data: {drift: [{at_seconds: 5, shift: 1, share: 0.5, ids: [0]}]} \
            | data.drift.0: at most one of users, share and ids | found 2 of them
            data: {drift: [{at_seconds: 5, shift: 1, over_seconds: -1}]} \
            | data.drift.0.over_seconds: over_seconds must not be negative | found -1
            data: {drift: [{at_second: 5, shift: 1}]} | data.drift.0.at_second: unknown key | did you mean at_seconds?
            adversaries: [{share: 0.2}] | adversaries.0: attack must be a map with a kind | found nothing
            adversaries: [{share: 0.2, attack: {factor: 2}}] | adversaries.0.attack: must have a kind, one of | sign-flip
            adversaries: [{share: 0.2, attack: {kind: sign-flap}}] | adversaries.0.attack.kind: found "sign-flap" \
            | did you mean sign-flip?
            adversaries: [{share: 0.2, attack: {kind: alie, factor: 2}}] | adversaries.0.attack.factor: unknown key | z
            adversaries: [{share: 0.2, attack: {kind: scaling, factor: 0}}] | factor must be greater than 0 | found 0
            adversaries: [{share: 0.01, attack: {kind: none}}] | adversaries.0.share: is no user | 0.01 of 8
            adversaries: [{ids: [1], attack: {kind: none}}, {ids: [1], attack: {kind: ipm}}] \
            | adversaries.1.ids: user 1 makes another attack | at the same time
            adversaries: [{ids: [1], attack: {kind: alie}, knows: own}] | adversaries.0.knows: alie uses snapshots \
            | found own
            adversaries: [{ids: [1], attack: {kind: ipm}, knows: all}] | adversaries.0.knows: all needs a graph \
            | found all
            `{adversaries: [{ids: [1], attack: {kind: age-forgery}}], time: {mode: synchronous}}` \
            | adversaries.0.attack.kind: age-forgery needs a trust strategy | no bound
            adversaries: [{ids: [1], attack: {kind: mimic, user: 1}}] | adversaries.0.attack.user: must be a user that \
            | never attacks, found 1
            adversaries: [{ids: [1], attack: {kind: mimic, user: 9}}] | adversaries.0.attack.user: users are 0 to 7 \
            | found 9
            adversaries: [{ids: [1], attack: {kind: none}, from_seconds: 5, until_seconds: 5}] \
            | until_seconds must be later than from_seconds | found 5.0
            faults: {crashes: [{user: 8, at_seconds: 3}]}       | faults.crashes.0.user: users are 0 to 7 | found 8
            faults: {crashes_per_hour: -1}                      | crashes_per_hour must not be negative | found -1
            time: {bandwidth: {model: constant, up_mbps: 0}} | time.bandwidth.up_mbps: up_mbps must be greater than 0 \
            | found 0
            time: {latency: {model: matrix, path: no.csv}}      | no.csv: there is no such file     | time
            time: {partitions: [{from_seconds: 9, until_seconds: 3, groups: [[0]]}]} | time.partitions.0.until_seconds \
            | later than from_seconds
            time: {until_seconds: 0} | time.until_seconds: until_seconds must be greater than 0 | found 0
            evaluation: {target_perplexity: 0.5}                | evaluation.target_perplexity      | at least 1
            a: [1                                               | s.yaml:                           | not valid YAML
            - 1                                                 | s.yaml: must be a map of keys     | found a list
            `{"users": 3, "users": 4}`                          | s.yaml:1: users: appears twice    | in this map
            """)
    void aMistakeIsToldWithItsPlaceAndWhatWouldDo(String text, String place, String allowed) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(place)
                .hasMessageContaining(allowed)
                .hasMessageContaining("s.yaml");
    }

    @Test
    void theLineIsTheKeysOwn() {
        assertThatThrownBy(() -> read("users: 3\n\ntraining:\n  context: 1\n"))
                .hasMessageContaining("s.yaml:4: training.context");
    }

    @Test
    void aFileThatIsNotThereIsSaidSo() {
        assertThatThrownBy(() -> ScenarioReader.read(folder.resolve("none.yaml"), List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is no such file");
    }

    @Test
    void adaptiveRefreshHasSettingsOfItsOwn() throws IOException {
        String scenario = "collaboration: {strategy: validation-performance, trust: {refresh: adaptive, budget: 0.1}}";
        ScenarioReader.Loaded loaded = read(scenario);
        assertThat(loaded.scenario().collaboration().trust().refresh()).isEqualTo(new AdaptiveRefresh(0.1, 0.05, 8, 2));
        assertThat(read(loaded.yaml()).scenario()).isEqualTo(loaded.scenario());
        assertThat(read(scenario.replace("adaptive, budget: 0.1", "every-turn"))
                        .scenario()
                        .collaboration()
                        .trust()
                        .refresh())
                .isEqualTo(new Refresh.EveryTurn());
    }

    @Test
    void theWorldAsAPersonWouldWriteIt() throws IOException {
        Scenario s = read("""
                users: 9
                collaboration: {strategy: validation-performance, trust: {refresh: older-than-90.5-seconds, max_age: 5},
                                staleness: {discount: hinge, slope: 10, grace: 4, bound: 3, remainder: self}}
                topology: {kind: schedule, phases: [{from_seconds: 0, graph: {kind: ring}}, \
                {from_seconds: 60, graph: {kind: small-world, rewire: 0.2}}]}
                time: {until_seconds: 3600, bandwidth: {model: lognormal, sigma: 0.5}, duplication: 0.01, \
                reordering: 0.1, reordering_ms: 500,
                       partitions: [{from_seconds: 100, until_seconds: 200, groups: [[0, 1, 2], [3, 4]]}]}
                participation: {model: diurnal, idle: sleep, mail: lose}
                faults: {crashes: [{user: 3, at_seconds: 100, down_seconds: 50}, {user: 4, at_seconds: 7}], \
                crashes_per_hour: 0.5, inbox: keep}
                """.replace("bound: 3, ", "")).scenario();
        assertThat(s.collaboration().trust().refresh()).isEqualTo(new Refresh.OlderThan(90.5));
        assertThat(s.collaboration().staleness().discount()).isEqualTo(new StalenessDiscount.Hinge(10, 4));
        assertThat(s.topology())
                .isEqualTo(new TopologyModel.Schedule(List.of(
                        new TopologyModel.Schedule.Phase(0, new GraphModel.Ring()),
                        new TopologyModel.Schedule.Phase(60, new GraphModel.SmallWorld(4, 0.2)))));
        assertThat(s.time().bandwidth()).isEqualTo(new Bandwidth.LogNormal(10, 50, 0.5));
        assertThat(s.time().partitions())
                .containsExactly(new NetworkPartition(100, 200, List.of(List.of(0, 1, 2), List.of(3, 4))));
        assertThat(s.participation().mail()).isEqualTo(Scenario.Keeping.LOSE);
        assertThat(s.faults().crashes()).containsExactly(new Faults.Crash(3, 100, 50.0), new Faults.Crash(4, 7, null));
        assertThat(SimulationConfigs.of(s, null).until()).isEqualTo(Ticks.at(3600));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            every-turn               | EveryTurn[]
            every-7-turns            | EveryTurns[n=7]
            older-than-60-seconds    | OlderThan[seconds=60.0]
            on-receipt               | OnReceipt[]
            budget-2                 | Budget[passes=2]
            """)
    void trustIsRefreshedWhenTheWordsSay(String words, String refresh) throws IOException {
        assertThat(read("collaboration: {trust: {refresh: " + words + "}}")
                        .scenario()
                        .collaboration()
                        .trust()
                        .refresh())
                .hasToString(refresh);
    }

    @Test
    void everyKindThatIsListedIsAScenarioWithItsDefaults() throws IOException {
        Files.writeString(folder.resolve("g.edges"), "0 1\n1 2\n2 3\n3 4\n4 5\n5 6\n6 7\n");
        Files.writeString(folder.resolve("m.csv"), "0,5\n5,0\n");
        Files.writeString(folder.resolve("l.csv"), "phone,layer,seconds\na,out,2\n");
        Files.writeString(folder.resolve("b.csv"), "trace,time_s,mbps\na,0,2\n");
        Files.writeString(folder.resolve("p.csv"), "device,states\na,01\n");
        java.util.Map<String, String> files = java.util.Map.of(
                "topology",
                "g.edges",
                "time.latency",
                "m.csv",
                "time.compute",
                "l.csv",
                "time.bandwidth",
                "b.csv",
                "participation",
                "p.csv",
                "data.shared",
                ".");
        for (ComponentRegistry.Choice c : ComponentRegistry.all()) {
            for (RegisteredComponent each : c.components().values()) {
                String value = c.key() + ": "
                        + each.name().replace("NAME", "romance").replace("N", "4")
                        + (c.path().equals("data") ? ", path: ." : "")
                        + (each.settings().has("path") ? ", path: " + files.get(c.path()) : "")
                        + (each.settings().has("phases") ? ", phases: [{from_seconds: 0, graph: {kind: ring}}]" : "");
                // A star is fit for all strategies, FedBuff's among them.
                String setting = c.listed()
                        ? "adversaries=[{ids: [1], attack: {" + value + "}}]"
                        : c.path() + "={" + value + "}";
                String topology = c.path().equals("topology") ? "name=any" : "topology={kind: star}";
                // Vectors and the learner that learns from them need each other, and a strategy without predictions.
                boolean vectors = each.name().equals("vectors") || each.name().equals("softmax");
                String strategy = vectors ? "collaboration.strategy=fedavg" : "name=any";
                String learner = vectors ? "model.learner=softmax" : "name=any";
                String data = vectors ? "data={source: vectors, path: .}" : "name=any";
                assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                () -> read("{}", topology, strategy, learner, data, setting)))
                        .as(c.path() + " " + each.name())
                        .isNull();
            }
        }
    }
}
