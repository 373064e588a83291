package coterie.model.trust;

import coterie.model.aggregation.Aggregator;
import coterie.model.aggregation.Contribution;
import coterie.model.aggregation.WeightedMean;
import coterie.model.exchange.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One user's side of the collaboration: measures the others when it is due, keeps what it has measured, makes a row of
 * it, discounts what is stale.
 *
 * <p>A row is made of those who are present; of whom nothing is known counts nothing. The discount is applied to the
 * row that is used, once, and never to what is kept. Not thread-safe: a user's turns follow one another.
 */
public final class TrustManager {
    /** What is kept never becomes too old. */
    public static final int FOREVER = Integer.MAX_VALUE;

    /**
     * The rules of a run.
     *
     * @param maxAge turns after which a measurement is forgotten
     * @param aggregator what is done with the candidates by the row
     */
    public record Rules(
            TrustStrategy strategy,
            Refresh refresh,
            int maxAge,
            StalenessDiscount discount,
            StalenessDiscount.Remainder remainder,
            Aggregator aggregator) {
        public Rules {
            if (maxAge < 0) {
                throw new IllegalArgumentException("max_age must not be negative, found " + maxAge);
            }
        }

        /** Measured in every n-th turn, never forgotten. */
        public Rules(
                TrustStrategy strategy,
                int refreshEvery,
                StalenessDiscount discount,
                StalenessDiscount.Remainder remainder) {
            this(strategy, new Refresh.EveryTurns(refreshEvery), FOREVER, discount, remainder, new WeightedMean());
        }
    }

    /**
     * What was measured of a user.
     *
     * @param version the snapshot's turn, and its hash: a user that crashed may publish a turn twice
     * @param turn when it was measured
     * @param seconds the same in virtual seconds
     */
    public record Evidence(double value, int version, long hash, int turn, double seconds) {
        boolean of(Snapshot s) {
            return version == s.turn() && hash == s.hash();
        }
    }

    private final int me;
    private final Rules rules;
    private Map<Integer, Evidence> known = new HashMap<>();
    private Map<Integer, Evidence> saved = Map.of();
    private int refreshed = -1;
    private int savedRefreshed = -1;
    private int passes;

    public TrustManager(int me, Rules rules) {
        this.me = me;
        this.rules = rules;
    }

    /** Whether the strategy looks at candidates' parameters, see {@link TrustStrategy#needsParameters}. */
    public boolean needsParameters() {
        return rules.strategy.needsParameters();
    }

    /**
     * A mixing.
     *
     * @param row with which it was made
     * @param parameters the user's next [P]
     */
    public record Mixed(TrustRow row, float[] parameters) {}

    /**
     * Mixes at the end of a turn: decides the trust row and aggregates the candidates by it.
     *
     * @param before the parameters to which updates are added [P]; null where parameters are exchanged
     * @param known is told the row before the aggregation
     */
    public Mixed mix(MixingInput input, float[] before, Probe probe, Consumer<TrustRow> known) {
        requireOneLayout(input);
        TrustRow row = row(input, probe);
        known.accept(row);
        List<Contribution> contributions = new ArrayList<>();
        for (int k = 0; k < row.users().length; k++) {
            contributions.add(new Contribution(row.weights()[k], input.snapshots(k)));
        }
        return new Mixed(row, rules.aggregator.aggregate(contributions, own(row.users()), before));
    }

    /** Refuses candidates whose adapters are laid out unlike the user's own. */
    private void requireOneLayout(MixingInput input) {
        int size = input.candidates()
                .get(own(input.candidates().stream().mapToInt(Snapshot::user).toArray()))
                .values()
                .length;
        for (int k = 0; k < input.candidates().size(); k++) {
            for (Snapshot s : input.snapshots(k)) {
                if (s.values().length != size) {
                    throw new IllegalArgumentException("user " + s.user() + "'s adapter has " + s.values().length
                            + " parameters, user " + me + "'s " + size
                            + ": adapters of different layouts cannot be mixed");
                }
            }
        }
    }

    private int own(int[] users) {
        int k = Arrays.binarySearch(users, me);
        if (k < 0) {
            throw new IllegalArgumentException("user " + me + " is not among the candidates " + Arrays.toString(users));
        }
        return k;
    }

    /** The trust row of a mixing. */
    TrustRow row(MixingInput input, Probe probe) {
        int turn = input.turn();
        double seconds = input.seconds();
        List<Snapshot> candidates = input.candidates();
        int[] ages = input.ages();
        int[] users = candidates.stream().mapToInt(Snapshot::user).toArray();
        int self = own(users);
        passes = 0;
        double[] evidence = new double[users.length];
        int[] evidenceAges = new int[users.length];
        int computed = turn;
        if (rules.strategy.measures()) {
            measureDue(turn, seconds, candidates, self, probe);
            computed = -1;
            for (int k = 0; k < users.length; k++) {
                Evidence e = known.get(users[k]);
                evidence[k] = e == null ? Double.NaN : e.value;
                evidenceAges[k] = e == null ? -1 : turn - e.turn;
                computed = e == null || k == self ? computed : Math.max(computed, e.turn);
            }
            computed = computed < 0 ? turn : computed;
        }
        double[] row = rules.strategy.row(me, users, evidence);
        return new TrustRow(
                users,
                rules.discount.apply(row, ages, self, rules.remainder),
                ages,
                evidenceAges,
                computed,
                passes,
                Consensus.disagreement(candidates, self),
                rules.strategy.measures() ? evidence : TrustRow.unknown(users.length));
    }

    private void measureDue(int turn, double seconds, List<Snapshot> candidates, int self, Probe probe) {
        if (rules.maxAge != FOREVER) {
            known.values().removeIf(e -> turn - e.turn > rules.maxAge);
        }
        List<Evidence> last = new ArrayList<>();
        candidates.forEach(c -> last.add(known.get(c.user())));
        Refresh.Due due = rules.refresh.due(new Refresh.Occasion(turn, seconds, self, candidates, last, refreshed));
        refreshed = due.full() ? turn : refreshed;
        for (int k : due.candidates()) {
            measure(turn, seconds, candidates.get(self), candidates.get(k), probe);
        }
    }

    private boolean upToDate(Snapshot c) {
        return known.containsKey(c.user()) && known.get(c.user()).of(c);
    }

    private void measure(int turn, double seconds, Snapshot own, Snapshot c, Probe probe) {
        double value;
        if (rules.strategy.lasting() && upToDate(c)) {
            value = known.get(c.user()).value;
        } else {
            value = rules.strategy.evidence(own, c, probe);
            passes += rules.strategy.needsValidationSet() ? 1 : 0;
        }
        known.put(c.user(), new Evidence(value, c.turn(), c.hash(), turn, seconds));
    }

    /**
     * Everything a collaborator knows: of each user what was measured last, and the same as of the last {@link #save}.
     */
    public record State(
            Map<Integer, Evidence> known, Map<Integer, Evidence> saved, int refreshed, int savedRefreshed) {}

    public State state() {
        return new State(new HashMap<>(known), new HashMap<>(saved), refreshed, savedRefreshed);
    }

    /** Knows what a state says. */
    public void restore(State s) {
        known = new HashMap<>(s.known);
        saved = new HashMap<>(s.saved);
        refreshed = s.refreshed;
        savedRefreshed = s.savedRefreshed;
    }

    /** Remembers what is known, for {@link #restore()}. */
    public void save() {
        saved = Map.copyOf(known);
        savedRefreshed = refreshed;
    }

    /** Knows what was known at the last {@link #save}; nothing where there was none. */
    public void restore() {
        known = new HashMap<>(saved);
        refreshed = savedRefreshed;
    }
}
