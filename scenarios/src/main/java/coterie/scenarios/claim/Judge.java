package coterie.scenarios.claim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Judges the claims of a study. Each is tested by Student's t over seeds; the probability that any claim is called
 * right or wrong by chance is at most 5 % (Holm, "A simple sequentially rejective multiple test procedure", 1979): of m
 * claims in order of their p-values, the k-th is decided if its p-value and all before are at most 0.05 / (m − k + 1).
 * Its interval has the confidence 1 − 0.05 / (m − k + 1).
 *
 * <p>Equality within δ is shown by two one-sided tests (Schuirmann 1987) and refuted if the interval lies outside.
 */
public final class Judge {
    private static final double LEVEL = 0.05;

    private Judge() {}

    /**
     * A claim and the part that decides it.
     *
     * @param effect null if a run ended before it had a value
     * @param right whether the data speaks for the claim
     * @param probability p-value of what the data says
     */
    private record Tested(Claim claim, Effect effect, boolean right, double probability) {}

    /** Returns the judgement of each claim, in their order. */
    public static List<Judgement> judge(List<Claim> claims, Results results) {
        List<Tested> tested = claims.stream().map(c -> test(c, results)).toList();
        List<Integer> order = new ArrayList<>(IntStream.range(0, claims.size())
                .filter(k -> tested.get(k).effect != null)
                .boxed()
                .toList());
        order.sort(Comparator.comparingDouble(k -> tested.get(k).probability));
        Judgement[] judged = new Judgement[claims.size()];
        double corrected = 0;
        for (int rank = 0; rank < order.size(); rank++) {
            Tested t = tested.get(order.get(rank));
            int left = order.size() - rank;
            corrected = Math.max(corrected, Math.min(1, left * t.probability));
            judged[order.get(rank)] = judgement(t, corrected, 1 - LEVEL / left);
        }
        for (int k = 0; k < judged.length; k++) {
            if (judged[k] == null) {
                judged[k] = new Judgement(
                        claims.get(k), Verdict.NOT_REACHED, Double.NaN, Double.NaN, 1 - LEVEL, Double.NaN, 0, 0);
            }
        }
        return List.of(judged);
    }

    private static Judgement judgement(Tested t, double corrected, double confidence) {
        boolean decided = corrected <= LEVEL;
        Verdict verdict = !decided ? Verdict.UNCLEAR : t.right ? Verdict.HOLDS : Verdict.FAILS;
        return new Judgement(
                t.claim,
                verdict,
                t.effect.mean(),
                t.effect.interval(confidence),
                confidence,
                corrected,
                t.effect.seeds(),
                decided ? 0 : t.effect.needed(confidence));
    }

    private static Tested test(Claim claim, Results results) {
        List<Effect> parts;
        try {
            parts = claim.relation().effects(claim.measure(), results).stream()
                    .map(Judge::effect)
                    .toList();
        } catch (Relation.NotReachedException e) {
            return new Tested(claim, null, false, Double.NaN);
        }
        double within = claim.relation().within();
        return within > 0 ? equality(claim, parts.get(0), within) : direction(claim, parts);
    }

    private static Effect effect(Map<Long, Double> bySeed) {
        return new Effect(
                bySeed.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** All parts must be positive: the least certain decides. One that is negative refutes the claim. */
    private static Tested direction(Claim claim, List<Effect> parts) {
        List<Effect> wrong = parts.stream().filter(e -> e.mean() < 0).toList();
        Comparator<Effect> byProbability = Comparator.comparingDouble(e -> e.probability(0));
        if (wrong.isEmpty()) {
            Effect weakest = parts.stream().max(byProbability).orElseThrow();
            return new Tested(claim, weakest, true, weakest.probability(0));
        }
        Effect strongest = wrong.stream().min(byProbability).orElseThrow();
        return new Tested(claim, strongest, false, Math.min(1, parts.size() * strongest.probability(0)));
    }

    private static Tested equality(Claim claim, Effect e, double within) {
        double edge = e.mean() < 0 ? -within : within;
        boolean inside = Math.abs(e.mean()) <= within;
        // Of two one-sided tests the one at the nearer edge has the larger p-value.
        double probability = inside ? e.probability(edge) / 2 : e.probability(edge);
        return new Tested(claim, e, inside, probability);
    }
}
