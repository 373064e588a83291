package coterie.scenarios.results;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.clock.RunObserver;
import coterie.actors.event.Observation;
import coterie.model.trust.Oracle;
import coterie.model.trust.UserMixtures;
import coterie.model.utility.Evidence;
import coterie.model.utility.UtilityRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Whether evidence orders neighbours as their utility does, and as the oracle does.
 *
 * <p>All neighbours that a user measured at one mixing make a list. Over it, Spearman's ρ is computed of each
 * {@link Evidence} and utility, of each evidence and the oracle's weights, and of utility and the oracle's weights;
 * equal values share their mean rank ({@link RankCorrelation}). Evidence whose values are all equal has no order and
 * counts 0. Where the utilities (or the oracle's weights) are all equal there is nothing to find, and the list does not
 * count. A round has the lists of all users after the same number of turns: its ρ is the mean over them, and that of
 * the run the mean over rounds, each counting once.
 *
 * <p>Memory: a few numbers for each round, and each user's newest list.
 */
public final class UtilityFigures implements RunObserver {
    private static final Evidence[] KINDS = Evidence.values();
    /** Two numbers have an order, one has not. */
    private static final int FEWEST = 2;

    /** Place of utility after those of all kinds of evidence. */
    private static final int UTILITY = KINDS.length;

    /**
     * Means over the users of a round. NaN where no list counts, and of evidence that is not measured.
     *
     * @param turn after which the users mixed
     * @param seconds mean of the instants, in virtual seconds
     * @param withUtility ρ of each evidence and utility, in the order of {@link Evidence}
     * @param withOracle ρ of each evidence and the oracle's weights in this order, then of utility and them
     */
    public record Round(int turn, double seconds, double[] withUtility, double[] withOracle) {
        /** ρ of an evidence and utility. */
        public double withUtility(Evidence kind) {
            return withUtility[kind.ordinal()];
        }

        /** ρ of an evidence and the oracle's weights. */
        public double withOracle(Evidence kind) {
            return withOracle[kind.ordinal()];
        }

        /** ρ of utility and the oracle's weights. */
        public double utilityWithOracle() {
            return withOracle[UTILITY];
        }
    }

    /** Sums over the lists of a round. */
    private static final class Sums {
        private double seconds;
        private int lists;
        private final double[] rho = new double[KINDS.length + UTILITY + 1];
        private final int[] counts = new int[rho.length];

        private Sums copy() {
            Sums c = new Sums();
            c.seconds = seconds;
            c.lists = lists;
            System.arraycopy(rho, 0, c.rho, 0, rho.length);
            System.arraycopy(counts, 0, c.counts, 0, counts.length);
            return c;
        }

        private void add(int place, double correlation) {
            if (!Double.isNaN(correlation)) {
                rho[place] += correlation;
                counts[place]++;
            }
        }

        private Round means(int turn) {
            double[] means = new double[rho.length];
            for (int k = 0; k < means.length; k++) {
                means[k] = counts[k] == 0 ? Double.NaN : rho[k] / counts[k];
            }
            return new Round(
                    turn,
                    seconds / lists,
                    Arrays.copyOf(means, KINDS.length),
                    Arrays.copyOfRange(means, KINDS.length, means.length));
        }
    }

    private final Oracle oracle;
    private final Map<Integer, Sums> rounds = new TreeMap<>();
    /** The newest list of each user. */
    private final Map<Integer, List<Observation.Utility>> open = new HashMap<>();

    private final boolean[] measured = new boolean[KINDS.length];
    private long measurements;
    private double sum;
    private long finite;
    /** Forward passes of all lists but the open ones. */
    private long passes;

    /** @param mixtures of {@code users.json} */
    public UtilityFigures(UserMixtures mixtures) {
        oracle = new Oracle(mixtures);
    }

    @Override
    public void observed(Observation o) {
        if (!(o instanceof Observation.Utility m)) {
            return;
        }
        List<Observation.Utility> list = open.computeIfAbsent(m.user(), u -> new ArrayList<>());
        if (!list.isEmpty() && (list.get(0).turn() != m.turn() || list.get(0).seconds() != m.seconds())) {
            add(list, rounds);
            passes += UtilityRow.passes(list.size());
            list.clear();
        }
        list.add(m);
        measurements++;
        if (Double.isFinite(m.utility())) {
            sum += m.utility();
            finite++;
        }
        for (Evidence e : KINDS) {
            measured[e.ordinal()] |= !Double.isNaN(m.evidence(e));
        }
    }

    private void add(List<Observation.Utility> list, Map<Integer, Sums> to) {
        Sums s = to.computeIfAbsent(list.get(0).turn(), t -> new Sums());
        s.seconds += list.get(0).seconds();
        s.lists++;
        double[] utility = values(list, Observation.Utility::utility);
        int[] neighbours =
                list.stream().mapToInt(Observation.Utility::neighbour).toArray();
        double[] right =
                oracle.weights(list.get(0).user(), neighbours, list.get(0).seconds());
        for (Evidence e : KINDS) {
            double[] x = values(list, m -> m.evidence(e));
            s.add(e.ordinal(), correlation(x, utility));
            s.add(KINDS.length + e.ordinal(), correlation(x, right));
        }
        s.add(KINDS.length + UTILITY, correlation(utility, right));
    }

    private static double[] values(List<Observation.Utility> list, ToDoubleFunction<Observation.Utility> of) {
        return list.stream().mapToDouble(of).toArray();
    }

    /** @return NaN if x was not measured, or y has no order */
    private static double correlation(double[] x, double[] y) {
        if (Arrays.stream(x).anyMatch(Double::isNaN) || !ordered(y)) {
            return Double.NaN;
        }
        return ordered(x) ? RankCorrelation.of(x, y) : 0;
    }

    private static boolean ordered(double[] x) {
        return Arrays.stream(x).map(v -> v + 0.0).distinct().count() >= FEWEST;
    }

    /** The rounds so far, by turns. */
    public List<Round> rounds() {
        Map<Integer, Sums> all = new TreeMap<>();
        rounds.forEach((turn, s) -> all.put(turn, s.copy()));
        open.values().forEach(list -> add(list, all));
        List<Round> means = new ArrayList<>();
        all.forEach((turn, s) -> means.add(s.means(turn)));
        return means;
    }

    /** Whether a kind of evidence was measured. */
    public boolean measured(Evidence kind) {
        return measured[kind.ordinal()];
    }

    /** Adds {@code utility}, {@code utility_correlation} and {@code oracle_correlation} to a summary. */
    void write(ObjectNode to) {
        List<Round> all = rounds();
        long last = open.values().stream()
                .mapToLong(list -> UtilityRow.passes(list.size()))
                .sum();
        ObjectNode utility = to.putObject("utility")
                .put("measurements", measurements)
                .put("rounds", all.size())
                .put("forward_passes", passes + last);
        ResultJson.number(utility, "mean", finite == 0 ? Double.NaN : sum / finite);
        ObjectNode withUtility = to.putObject("utility_correlation");
        ObjectNode withOracle = to.putObject("oracle_correlation");
        ResultJson.number(withOracle, "utility", mean(all, Round::utilityWithOracle));
        for (Evidence e : KINDS) {
            if (measured(e)) {
                ResultJson.number(withUtility, e.label(), mean(all, r -> r.withUtility(e)));
                ResultJson.number(withOracle, e.label(), mean(all, r -> r.withOracle(e)));
            }
        }
    }

    private static double mean(List<Round> rounds, ToDoubleFunction<Round> of) {
        return Statistics.mean(rounds.stream().mapToDouble(of).toArray());
    }
}
