package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.event.Observation;
import coterie.actors.event.RecordLevel;
import coterie.actors.protocol.trust.TrustProtocol;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.actors.verify.Verifier;
import coterie.model.exchange.Exchange;
import coterie.model.trust.Oracle;
import coterie.model.trust.StalenessDiscount;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustRow;
import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.Faults;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** If users exchange updates, each counts once, despite delays, copies, losses, absences and crashes. */
class UpdatesTest {
    private static final int USERS = 6;

    private static double[][] mixtures(long seed) {
        double[][] d = new double[USERS][3];
        RandomStream s = RandomStream.of(seed, Purpose.START, 5);
        for (double[] row : d) {
            for (int c = 0; c < row.length; c++) {
                row[c] = s.uniform(0.05, 1);
            }
        }
        return d;
    }

    private static Setting setting(long seed, int buffer, Participation who, Faults faults) {
        SimulationConfig config = SimulationConfig.builder(
                        seed, Neighbourhoods.fixed(new GraphModel.ErdosRenyi(0.7, true).build(USERS, seed)))
                .links(new Links(new Latency.LogNormal(0, 4000, 1.5), 0.15, 0.3, 0.3, 20_000, List.of()))
                .compute(new ComputeTime.LogNormal(10, 0.8))
                .participation(who, OfflineBehaviour.TRAIN)
                .faults(faults)
                .protocol(new TrustProtocol(null, buffer, Exchange.UPDATES))
                .schedule(new TurnSchedule(75, 10, 3, 0))
                .evaluateEvery(5)
                .records(RecordLevel.MESSAGES)
                .build();
        return new Setting(
                config,
                new TrustManager.Rules(
                        Oracle.of(mixtures(seed)),
                        1,
                        new StalenessDiscount.Polynomial(0.5),
                        StalenessDiscount.Remainder.RENORMALISE));
    }

    private static List<Setting> settings(long seed) {
        Participation all = new Participation.Always();
        return List.of(
                setting(seed, 0, all, Faults.NONE),
                setting(seed, 0, new Participation.Bernoulli(0.6), Faults.NONE),
                setting(seed, 2, all, Faults.NONE),
                setting(seed, 0, all, new Faults(List.of(), 60, 15, 2, false)),
                setting(seed, 0, all, new Faults(List.of(), 60, 15, 3, true)),
                setting(seed, 0, new Participation.Bernoulli(0.5), new Faults(List.of(), 60, 15, 2, false)));
    }

    @Test
    void anAsynchronousRunIsWhatPlainLoopsMakeOfItsMessages() {
        int several = 0;
        int old = 0;
        for (long seed = 1; seed <= 12; seed++) {
            for (Setting setting : settings(seed)) {
                PlainUpdates plain = new PlainUpdates(setting.config(), mixtures(seed));
                List<String> rows = new ArrayList<>();
                Verifier verifier = new Verifier(setting.config());
                RunResult got;
                try (Simulation s = Runs.start(setting.config(), ArithmeticLearner.of(setting, Runnable::run), o -> {
                    plain.observed(o);
                    verifier.observed(o);
                    if (o instanceof Observation.Mixed m) {
                        rows.add(text(m));
                    }
                })) {
                    got = s.await();
                }
                assertThat(rows).as("rows, seed %d", seed).isEqualTo(plain.rows());
                for (int u = 0; u < USERS; u++) {
                    for (int k = 0; k < 4; k++) {
                        assertThat((double) got.users().get(u).parameters()[k])
                                .as(
                                        "number %d of user %d, seed %d, %s",
                                        k, u, seed, setting.config().faults())
                                .isCloseTo(plain.theta(u)[k], within(1e-4));
                    }
                }
                assertThat(verifier.violations()).as("seed %d", seed).isEmpty();
                several += plain.several();
                old += plain.old();
            }
        }
        assertThat(several).as("entries of several updates").isGreaterThan(500);
        assertThat(old).as("updates of earlier turns").isGreaterThan(1000);
    }

    private static String text(Observation.Mixed m) {
        StringBuilder text = new StringBuilder(m.user() + " at " + m.turn() + ":");
        for (int k = 0; k < m.row().users().length; k++) {
            text.append(String.format(" %d %.9f", m.row().users()[k], m.row().weights()[k]));
        }
        return text.toString();
    }

    private interface Lie {
        Observation.Mixed tell(Observation.Mixed m);
    }

    /**
     * Violations that are found in a run whose records are falsified in one mixing, the first that the falsification
     * changes.
     */
    private static List<String> told(Setting setting, Lie lie) {
        Verifier verifier = new Verifier(setting.config());
        boolean[] lied = new boolean[1];
        try (Simulation s = Runs.start(setting.config(), ArithmeticLearner.of(setting, Runnable::run), o -> {
            Observation.Mixed other = !lied[0] && o instanceof Observation.Mixed m && m.turn() > 5 ? lie.tell(m) : null;
            lied[0] |= other != null;
            verifier.observed(other != null ? other : o);
        })) {
            s.await();
        }
        assertThat(lied[0]).isTrue();
        return verifier.violations();
    }

    @Test
    void theVerifierFindsAnUpdateThatIsMixedTwiceOrLeftOut() {
        Setting setting = settings(3).get(0);
        assertThat(told(setting, m -> m)).isEmpty();
        assertThat(told(setting, m -> changed(m, new int[] {0, 1, 2, 3})))
                .anyMatch(v -> v.contains("was mixed before"));
        assertThat(told(setting, m -> without(m)))
                .anyMatch(v -> v.contains("had come at") && v.contains("was not mixed"));
    }

    /** Adds all these turns of the first other user. */
    private static Observation.Mixed changed(Observation.Mixed m, int[] turns) {
        for (int k = 0; k < m.versions().length; k++) {
            if (m.row().users()[k] != m.user() && m.versions()[k] > turns.length) {
                List<int[]> updates = new ArrayList<>(m.updates());
                int[] more = Arrays.copyOf(turns, turns.length + 1);
                more[turns.length] = m.versions()[k];
                updates.set(k, more);
                return new Observation.Mixed(
                        m.seconds(),
                        m.user(),
                        m.turn(),
                        m.row(),
                        m.versions(),
                        updates,
                        m.secondsOld(),
                        m.informationAge());
            }
        }
        return null;
    }

    /** Without any other user. */
    private static Observation.Mixed without(Observation.Mixed m) {
        if (m.versions().length < 2) {
            return null;
        }
        return new Observation.Mixed(
                m.seconds(),
                m.user(),
                m.turn(),
                TrustRow.given(m.turn(), new int[] {m.user()}, new double[] {1}, new int[1]),
                new int[] {m.turn()},
                List.of(new int[] {m.turn()}),
                new double[1],
                new double[1]);
    }

    @Test
    void anUpdateOfWeightZeroIsUsedUp() {
        Setting open = settings(5).get(0);
        Setting setting = new Setting(
                open.config(),
                new TrustManager.Rules(
                        open.rules().strategy(), 1, new StalenessDiscount.CutOff(0), StalenessDiscount.Remainder.SELF));
        Verifier verifier = new Verifier(setting.config());
        int[] without = new int[1];
        try (Simulation s = Runs.start(setting.config(), ArithmeticLearner.of(setting, Runnable::run), o -> {
            verifier.observed(o);
            without[0] += o instanceof Observation.Mixed m
                    ? (int) Arrays.stream(m.row().weights()).filter(w -> w == 0).count()
                    : 0;
        })) {
            s.await();
        }
        assertThat(without[0]).as("entries of weight 0").isPositive();
        assertThat(verifier.violations()).isEmpty();
    }

    @Test
    void inRoundsAnUpdateCountsOnceToo() {
        for (long seed = 1; seed <= 40; seed++) {
            SimulationConfig config = SimulationConfig.builder(
                            seed, Neighbourhoods.fixed(new GraphModel.ErdosRenyi(0.5, true).build(USERS, seed)))
                    .links(new Links(new Latency.LogNormal(0, 4000, 1.5), 0.1, 0.3, 0.3, 20_000, List.of()))
                    .compute(new ComputeTime.LogNormal(10, 0.8))
                    .mode(Mode.SYNCHRONOUS)
                    .faults(new Faults(List.of(), 40, 15, 2, seed % 2 == 0))
                    .protocol(new TrustProtocol(null, 0, Exchange.UPDATES))
                    .schedule(new TurnSchedule(60, 10, 3, 0))
                    .evaluateEvery(5)
                    .records(RecordLevel.MESSAGES)
                    .build();
            Setting setting = new Setting(config, ArithmeticLearner.rules());
            Verifier verifier = new Verifier(config);
            try (Simulation s = Runs.start(config, ArithmeticLearner.of(setting, Runnable::run), verifier::observed)) {
                s.await();
            }
            assertThat(verifier.violations()).as("seed %d", seed).isEmpty();
        }
    }
}
