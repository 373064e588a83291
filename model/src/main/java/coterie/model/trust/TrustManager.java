package coterie.model.trust;

import coterie.model.aggregation.Aggregated;
import coterie.model.aggregation.AggregationRules;
import coterie.model.aggregation.Aggregator;
import coterie.model.aggregation.Contribution;
import coterie.model.aggregation.WeightedMean;
import coterie.model.exchange.Snapshot;
import coterie.topology.drift.Drifts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The collaboration of one user: measures candidates when due, keeps their scores, converts them to a trust row and
 * discounts stale snapshots.
 *
 * <p>A row covers the available candidates; one that was never measured gets weight 0. The discount is applied once, to
 * the row in use, and never to stored scores. Not thread-safe, since the turns of a user are sequential.
 */
public final class TrustManager {
    /** Scores do not expire. */
    public static final int FOREVER = Integer.MAX_VALUE;

    /**
     * The rules of a run.
     *
     * @param maxAge age in turns after which a score is discarded
     * @param aggregation how the candidates are combined by the row
     * @param drifts when users' data changes
     */
    public record Rules(
            TrustStrategy strategy,
            Refresh refresh,
            int maxAge,
            StalenessDiscount discount,
            StalenessDiscount.Remainder remainder,
            AggregationRules aggregation,
            Drifts drifts) {
        public Rules {
            if (maxAge < 0) {
                throw new IllegalArgumentException("max_age must not be negative, found " + maxAge);
            }
        }

        /** Creates rules for users whose data does not change. */
        public Rules(
                TrustStrategy strategy,
                Refresh refresh,
                int maxAge,
                StalenessDiscount discount,
                StalenessDiscount.Remainder remainder,
                Aggregator aggregator) {
            this(strategy, refresh, maxAge, discount, remainder, new AggregationRules(aggregator), Drifts.NONE);
        }

        /**
         * Returns the virtual time in seconds since which a user measures on the same data, at an instant. Scores that
         * are older say nothing of a strategy that measures on the user's own data.
         */
        public double sameDataSince(int user, double seconds) {
            return strategy.needsValidationSet() ? drifts.unchangedSince(user, seconds) : 0;
        }

        /** Creates rules that measure in every n-th turn and never discard scores. */
        public Rules(
                TrustStrategy strategy,
                int refreshEvery,
                StalenessDiscount discount,
                StalenessDiscount.Remainder remainder) {
            this(strategy, new Refresh.EveryTurns(refreshEvery), FOREVER, discount, remainder, new WeightedMean());
        }
    }

    /**
     * The score of a candidate.
     *
     * @param value the score
     * @param version turn of the measured snapshot
     * @param hash hash of the measured snapshot: a user that crashed may publish a turn twice
     * @param turn turn of the measurement
     * @param seconds virtual time of the measurement in seconds
     */
    public record Score(double value, int version, long hash, int turn, double seconds) {
        /** @param since virtual time in seconds since which the data is the same on which snapshots are measured */
        boolean of(Snapshot s, double since) {
            return version == s.turn() && hash == s.hash() && seconds >= since;
        }
    }

    private final int me;
    private final Rules rules;
    private Map<Integer, Score> known = new HashMap<>();
    private Map<Integer, Score> saved = Map.of();
    private int refreshed = -1;
    private int savedRefreshed = -1;
    /** Null for rules without memory. */
    private Refresh.Memory memory;

    private Refresh.Memory savedMemory;
    /** Sketches of the newest snapshots that were candidates, if the rule watches them. */
    private Map<Integer, Sketched> sketches = new HashMap<>();

    private Map<Integer, Sketched> savedSketches = Map.of();
    private int passes;

    /** The {@link ParameterSketch} of a snapshot. */
    public record Sketched(int version, long hash, float[] sketch) {
        boolean of(Snapshot s) {
            return version == s.turn() && hash == s.hash();
        }
    }

    public TrustManager(int me, Rules rules) {
        this.me = me;
        this.rules = rules;
        memory = rules.refresh.start();
        savedMemory = memory;
    }

    /**
     * Takes note of a turn of training, which the rule for measuring may learn from.
     *
     * @param loss mean training loss of the turn in nats; NaN if nothing was trained
     */
    public void trained(double loss) {
        memory = rules.refresh.trained(memory, loss);
    }

    /** Whether the strategy uses the parameters of candidates, see {@link TrustStrategy#needsParameters}. */
    public boolean needsParameters() {
        return rules.strategy.needsParameters();
    }

    /**
     * The result of a mixing.
     *
     * @param row trust row used
     * @param parameters next parameters of the user [P]
     */
    public record Mixed(TrustRow row, float[] parameters) {}

    /**
     * Mixes at the end of a turn: computes the trust row and aggregates the candidates by it.
     *
     * @param before parameters to which updates are added [P]; null if parameters are exchanged
     * @param known receives the row
     */
    public Mixed mix(MixingInput input, float[] before, Probe probe, Consumer<TrustRow> known) {
        requireOneLayout(input);
        TrustRow row = row(input, probe);
        List<Contribution> contributions = new ArrayList<>();
        for (int k = 0; k < row.users().length; k++) {
            contributions.add(new Contribution(row.weights()[k], input.snapshots(k)));
        }
        Aggregated next = rules.aggregation.aggregate(
                input.turn(),
                contributions,
                own(row.users()),
                before,
                c -> probe.validationLoss(measurable(c, before)));
        TrustRow mixed = row.with(next.influence());
        known.accept(mixed);
        return new Mixed(mixed, next.parameters());
    }

    /** A snapshot with the parameters that the user would have if a contribution alone were its next one. */
    private static Snapshot measurable(Contribution c, float[] before) {
        Snapshot newest = c.snapshots().get(c.snapshots().size() - 1);
        if (before == null && c.snapshots().size() == 1) {
            return newest;
        }
        float[] parameters = c.values();
        for (int k = 0; before != null && k < parameters.length; k++) {
            parameters[k] += before[k];
        }
        return newest.of(newest.user(), newest.turn(), newest.iteration(), parameters);
    }

    /** Refuses candidates whose parameters are laid out unlike the user's own. */
    private void requireOneLayout(MixingInput input) {
        int[] users = input.candidates().stream().mapToInt(Snapshot::user).toArray();
        String layout = input.candidates().get(own(users)).layout();
        for (int k = 0; k < users.length; k++) {
            for (Snapshot s : input.snapshots(k)) {
                s.requireLayout(layout);
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

    /** Computes the trust row of a mixing. */
    TrustRow row(MixingInput input, Probe probe) {
        int turn = input.turn();
        double seconds = input.seconds();
        List<Snapshot> candidates = input.candidates();
        int[] ages = input.ages();
        int[] users = candidates.stream().mapToInt(Snapshot::user).toArray();
        int self = own(users);
        passes = 0;
        double[] moved = {};
        double[] scores = new double[users.length];
        int[] scoreAges = new int[users.length];
        int computed = turn;
        if (rules.strategy.measures()) {
            moved = rules.refresh.watchesSnapshots() ? moved(candidates) : moved;
            measureDue(turn, seconds, candidates, self, moved, probe);
            computed = -1;
            for (int k = 0; k < users.length; k++) {
                Score e = known.get(users[k]);
                scores[k] = e == null ? Double.NaN : e.value;
                scoreAges[k] = e == null ? -1 : turn - e.turn;
                computed = e == null || k == self ? computed : Math.max(computed, e.turn);
            }
            computed = computed < 0 ? turn : computed;
        }
        double[] row = rules.strategy.row(me, users, scores, seconds);
        return new TrustRow(
                users,
                rules.discount.apply(row, ages, self, rules.remainder),
                ages,
                scoreAges,
                computed,
                passes,
                Consensus.disagreement(candidates, self),
                rules.strategy.measures() ? scores : TrustRow.unknown(users.length),
                moved);
    }

    /** How far candidates' parameters have moved, and remembers where they are: {@link Refresh.Occasion#moved}. */
    private double[] moved(List<Snapshot> candidates) {
        double[] moved = new double[candidates.size()];
        for (int k = 0; k < moved.length; k++) {
            Snapshot c = candidates.get(k);
            Sketched before = sketches.get(c.user());
            moved[k] = Double.NaN;
            if (c.parameters() != null && (before == null || !before.of(c))) {
                float[] sketch = ParameterSketch.of(c.parameters());
                moved[k] = before == null ? Double.NaN : ParameterSketch.distance(before.sketch, sketch);
                sketches.put(c.user(), new Sketched(c.turn(), c.hash(), sketch));
            }
        }
        return moved;
    }

    private void measureDue(
            int turn, double seconds, List<Snapshot> candidates, int self, double[] moved, Probe probe) {
        if (rules.maxAge != FOREVER) {
            known.values().removeIf(e -> turn - e.turn > rules.maxAge);
        }
        List<Score> last = new ArrayList<>();
        candidates.forEach(c -> last.add(known.get(c.user())));
        Refresh.Occasion now = new Refresh.Occasion(
                turn,
                seconds,
                self,
                candidates,
                last,
                refreshed,
                rules.strategy,
                memory,
                rules.sameDataSince(me, seconds),
                moved);
        Refresh.Due due = rules.refresh.due(now);
        refreshed = due.full() ? turn : refreshed;
        measure(
                turn,
                seconds,
                candidates.get(self),
                due.candidates().stream().map(candidates::get).toList(),
                probe);
        memory = rules.refresh.after(now, due, scores(candidates));
    }

    /** Known score of each candidate; NaN if unknown. */
    private double[] scores(List<Snapshot> candidates) {
        return candidates.stream()
                .mapToDouble(c -> known.containsKey(c.user()) ? known.get(c.user()).value : Double.NaN)
                .toArray();
    }

    private boolean upToDate(Snapshot c, double seconds) {
        return known.containsKey(c.user()) && known.get(c.user()).of(c, rules.sameDataSince(me, seconds));
    }

    /** Gives all these candidates a score of now; those whose lasting score is up to date keep its value. */
    private void measure(int turn, double seconds, Snapshot own, List<Snapshot> due, Probe probe) {
        boolean[] keeps = new boolean[due.size()];
        List<Snapshot> measured = new ArrayList<>();
        for (int k = 0; k < keeps.length; k++) {
            keeps[k] = rules.strategy.lasting() && upToDate(due.get(k), seconds);
            if (!keeps[k]) {
                measured.add(due.get(k));
            }
        }
        double[] values = rules.strategy.scores(own, measured, probe);
        passes += rules.strategy.needsValidationSet() ? measured.size() : 0;
        int next = 0;
        for (int k = 0; k < keeps.length; k++) {
            Snapshot c = due.get(k);
            double value = keeps[k] ? known.get(c.user()).value : values[next++];
            known.put(c.user(), new Score(value, c.turn(), c.hash(), turn, seconds));
        }
    }

    /**
     * The state: the scores of candidates, the memory of the rule and sketches of snapshots, now and at the last
     * {@link #save}.
     */
    public record State(
            Map<Integer, Score> known,
            Map<Integer, Score> saved,
            int refreshed,
            int savedRefreshed,
            Refresh.Memory memory,
            Refresh.Memory savedMemory,
            Map<Integer, Sketched> sketches,
            Map<Integer, Sketched> savedSketches) {}

    public State state() {
        return new State(
                new HashMap<>(known),
                new HashMap<>(saved),
                refreshed,
                savedRefreshed,
                memory,
                savedMemory,
                new HashMap<>(sketches),
                new HashMap<>(savedSketches));
    }

    /** Continues from the state of a checkpoint. */
    public void restore(State s) {
        known = new HashMap<>(s.known);
        saved = new HashMap<>(s.saved);
        refreshed = s.refreshed;
        savedRefreshed = s.savedRefreshed;
        memory = s.memory;
        savedMemory = s.savedMemory;
        sketches = new HashMap<>(s.sketches);
        savedSketches = new HashMap<>(s.savedSketches);
    }

    /** Keeps the scores as part of the user's device save, for {@link #goBack}. */
    public void save() {
        saved = Map.copyOf(known);
        savedRefreshed = refreshed;
        savedMemory = memory;
        savedSketches = Map.copyOf(sketches);
    }

    /** Goes back to the scores of the last {@link #save} after a device failure; to none if there was no save. */
    public void goBack() {
        known = new HashMap<>(saved);
        refreshed = savedRefreshed;
        memory = savedMemory;
        sketches = new HashMap<>(savedSketches);
    }
}
