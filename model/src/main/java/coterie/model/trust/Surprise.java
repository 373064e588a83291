package coterie.model.trust;

import java.util.stream.IntStream;

/** How far a measurement moves a trust row. */
public final class Surprise {
    private Surprise() {}

    /**
     * Returns the total variation (1/2) Σ_k |w_k − w'_k| between the rows of old and of new scores, over the candidates
     * that have both. It ranges from 0 for equal rows to 1 for disjoint ones. Newcomers are left out, since they say
     * nothing about how fast trust moves.
     *
     * <p>Worked example: old scores give the row (1/2, 1/2, 0), new ones (1/2, 0, 1/2): the surprise is 1/2.
     *
     * @param now the mixing, with the scores before the measurement, that of the user itself among them
     * @param scores scores of the candidates after the measurement; NaN if unknown
     */
    public static double of(Refresh.Occasion now, double[] scores) {
        double[] before = now.scores();
        int[] both = IntStream.range(0, before.length)
                .filter(k -> !Double.isNaN(before[k]) && !Double.isNaN(scores[k]))
                .toArray();
        int[] users = now.users();
        int[] among = IntStream.of(both).map(k -> users[k]).toArray();
        int me = users[now.own()];
        double[] old = now.strategy()
                .row(me, among, IntStream.of(both).mapToDouble(k -> before[k]).toArray());
        double[] found = now.strategy()
                .row(me, among, IntStream.of(both).mapToDouble(k -> scores[k]).toArray());
        double sum = 0;
        for (int k = 0; k < old.length; k++) {
            sum += Math.abs(found[k] - old[k]);
        }
        return sum / 2;
    }
}
