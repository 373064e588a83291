package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.event.Observation;
import coterie.actors.protocol.trust.TrustProtocol;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.FedAvg;
import coterie.model.trust.Fidelity;
import coterie.model.trust.MixingInput;
import coterie.model.trust.ModelSimilarity;
import coterie.model.trust.Oracle;
import coterie.model.trust.Selection;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustStrategy;
import coterie.model.trust.ValidationPerformance;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The paper's Algorithm 1 to the letter: rounds in which all users train, then all send, then all mix. There are no
 * clock, messages or user processes.
 */
class AlgorithmOneTest {
    private static final int USERS = 7;
    private static final int P = 4;
    private static final double SHARPNESS = 3;
    private static final List<GraphModel> GRAPHS =
            List.of(new GraphModel.Ring(), new GraphModel.Full(), new GraphModel.ErdosRenyi(0.5, true));

    /** A strategy and its equation: how much user i trusts j, before the row is divided by its sum. */
    private record Trust(String name, TrustStrategy strategy, Equation equation) {}

    private interface Equation {
        /** @param theta parameters of all after training [N][P] */
        double score(int i, int j, double[][] theta);
    }

    private static List<Trust> strategies() {
        double[][] mixtures = new double[USERS][];
        for (int u = 0; u < USERS; u++) {
            mixtures[u] = new double[] {0.1 + 0.15 * (u % 4), 0.9 - 0.15 * (u % 4)};
        }
        return List.of(
                new Trust("fedavg", new FedAvg(), (i, j, theta) -> 1),
                new Trust("oracle", Oracle.of(mixtures), (i, j, theta) -> dot(mixtures[i], mixtures[j])),
                new Trust(
                        "S1",
                        new ModelSimilarity(SHARPNESS, Fidelity.PAPER, Selection.ALL, null),
                        (i, j, theta) -> Math.exp(SHARPNESS
                                * dot(theta[i], theta[j])
                                / Math.sqrt(dot(theta[i], theta[i]) * dot(theta[j], theta[j])))),
                new Trust(
                        "S2",
                        new ValidationPerformance(SHARPNESS, Fidelity.PAPER, Selection.ALL),
                        (i, j, theta) -> Math.exp(-SHARPNESS * (Math.abs(theta[j][0]) + i % 3))));
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum += x[k] * y[k];
        }
        return sum;
    }

    private static SimulationConfig config(GraphModel graph, Exchange exchange, TurnSchedule schedule) {
        return SimulationConfig.builder(3, Neighbourhoods.fixed(graph.build(USERS, 3)))
                .links(new Links(new Latency.Constant(0), 0))
                .compute(new ComputeTime.LogNormal(10, 1))
                .mode(Mode.SYNCHRONOUS)
                .protocol(new TrustProtocol(null, 0, exchange))
                .schedule(schedule)
                .evaluateEvery(5)
                .build();
    }

    @Test
    void aSynchronousRunWithFullParticipationIsAlgorithmOne() {
        for (GraphModel graph : GRAPHS) {
            for (Exchange exchange : Exchange.values()) {
                for (Trust trust : strategies()) {
                    SimulationConfig config = config(graph, exchange, new TurnSchedule(12, 0, 4, 0));
                    Setting setting = new Setting(
                            config,
                            new TrustManager.Rules(
                                    trust.strategy,
                                    1,
                                    new StalenessDiscount.Constant(),
                                    StalenessDiscount.Remainder.RENORMALISE));
                    RepeatabilityTest.Run run = RepeatabilityTest.run(setting, 2);
                    List<double[]> rows = new ArrayList<>();
                    double[][] expected = plainLoops(config, trust.equation, rows);
                    String of = trust.name + ", " + exchange + ", " + graph;
                    assertThat(rows).as(of).hasSize(3 * USERS);
                    for (int u = 0; u < USERS; u++) {
                        for (int k = 0; k < P; k++) {
                            assertThat((double) run.result().users().get(u).parameters()[k])
                                    .as("number %d of user %d, %s", k, u, of)
                                    .isCloseTo(expected[u][k], within(1e-5));
                        }
                    }
                    checkRows(run, rows, of);
                }
            }
        }
    }

    private static void checkRows(RepeatabilityTest.Run run, List<double[]> rows, String of) {
        boolean unequal = false;
        for (Observation o : run.observations()) {
            if (o instanceof Observation.Mixed m) {
                double[] row = rows.get(m.turn() * USERS + m.user());
                for (int j = 0; j < USERS; j++) {
                    assertThat(m.row().weight(j))
                            .as("weight of %d at %s, %s", j, m, of)
                            .isCloseTo(row[j], within(1e-6));
                    unequal |= row[j] > 0 && Math.abs(row[j] - row[m.user()]) > 0.01;
                }
            }
        }
        assertThat(unequal).as("unequal rows, %s", of).isEqualTo(!of.startsWith("fedavg"));
    }

    /** @param rows receives W, row by row and round by round */
    private static double[][] plainLoops(SimulationConfig w, Equation equation, List<double[]> rows) {
        boolean updates = ((TrustProtocol) w.protocol()).exchange() == Exchange.UPDATES;
        double[][] theta = new double[USERS][];
        for (int u = 0; u < USERS; u++) {
            theta[u] = new double[] {u, 1, -u, 0.5};
        }
        int iteration = 0;
        for (int round = 0; round < w.schedule().turns(); round++) {
            double[][] after = new double[USERS][P];
            for (int u = 0; u < USERS; u++) {
                for (int k = 0; k < P; k++) {
                    after[u][k] = theta[u][k];
                    for (int i = iteration;
                            i < iteration + w.schedule().turn(round).iterations();
                            i++) {
                        after[u][k] = 0.9 * after[u][k] + ArithmeticLearner.noise(w.seed(), u, i, k);
                    }
                }
            }
            iteration += w.schedule().turn(round).iterations();
            double[][] mixed = new double[USERS][P];
            for (int i = 0; i < USERS; i++) {
                double[] row = new double[USERS];
                double sum = 0;
                for (int j = 0; j < USERS; j++) {
                    int other = j;
                    boolean heard = i == j
                            || Arrays.stream(w.neighbourhoods().senders(i, 0)).anyMatch(x -> x == other);
                    row[j] = heard ? equation.score(i, j, after) : 0;
                    sum += row[j];
                }
                for (int j = 0; j < USERS; j++) {
                    row[j] /= sum;
                    for (int k = 0; k < P; k++) {
                        mixed[i][k] += row[j] * (updates ? after[j][k] - theta[j][k] : after[j][k]);
                    }
                }
                for (int k = 0; k < P; k++) {
                    mixed[i][k] += updates ? theta[i][k] : 0;
                }
                rows.add(row);
            }
            theta = mixed;
        }
        return theta;
    }

    @Test
    void toTheBitItIsWhatLearnersMakeOfRounds() {
        for (GraphModel graph : GRAPHS) {
            for (Exchange exchange : Exchange.values()) {
                Setting setting =
                        new Setting(config(graph, exchange, new TurnSchedule(43, 10, 5, 0)), ArithmeticLearner.rules());
                List<float[]> expected = algorithmOne(setting);
                RunResult got = RepeatabilityTest.run(setting, 2).result();
                for (int u = 0; u < USERS; u++) {
                    assertThat(got.users().get(u).parameters()).isEqualTo(expected.get(u));
                }
            }
        }
    }

    private static List<float[]> algorithmOne(Setting setting) {
        SimulationConfig w = setting.config();
        List<Learner> learners = ArithmeticLearner.of(setting, Runnable::run);
        List<TurnPlan.Beginning> mixes = new ArrayList<>(Collections.nCopies(w.users(), TurnPlan.Own.INSTANCE));
        List<float[]> parameters = new ArrayList<>();
        int iteration = 0;
        for (int round = 0; round <= w.schedule().turns(); round++) {
            boolean last = round == w.schedule().turns();
            int n = last ? 0 : w.schedule().turn(round).iterations();
            boolean collaborates = !last && w.schedule().turn(round).collaborates();
            List<Snapshot> sent = new ArrayList<>();
            parameters.clear();
            for (int u = 0; u < w.users(); u++) {
                TurnOutcome o = learners.get(u)
                        .turn(TurnPlan.turn(round, mixes.get(u), iteration)
                                .train(n)
                                .publish(collaborates)
                                .build())
                        .join();
                sent.add(o.snapshot());
                parameters.add(o.parameters());
            }
            for (int u = 0; u < w.users(); u++) {
                TurnPlan.Beginning mix = TurnPlan.Own.INSTANCE;
                if (collaborates) {
                    List<Snapshot> heard = new ArrayList<>();
                    for (int v = 0; v < w.users(); v++) {
                        int other = v;
                        if (v == u
                                || Arrays.stream(w.neighbourhoods().senders(u, 0))
                                        .anyMatch(x -> x == other)) {
                            heard.add(sent.get(v));
                        }
                    }
                    mix = new TurnPlan.Mix(new MixingInput(round, 0, heard, new int[heard.size()]));
                }
                mixes.set(u, mix);
            }
            iteration += n;
        }
        return parameters;
    }
}
