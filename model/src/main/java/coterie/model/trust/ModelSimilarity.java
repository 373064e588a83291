package coterie.model.trust;

import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.Arrays;

/**
 * Strategy 1, model similarity: w_ij = softmax_j(s · cos(θ_i, θ_j)) (arXiv 2404.09753, equation 2), with s = 1 in the
 * paper.
 *
 * <p>The paper uses one cosine of the flattened adapters. {@link Fidelity#RELEASED} uses, as the released code does,
 * the mean of the cosines of all rows of every A [in, r] and B [r, out] (its orientation, the transpose of ours), which
 * is dominated by the many short rows of A.
 *
 * <p>Worked example (paper): θ_0 = (1, 0), θ_1 = (0, 1), θ_2 = (1, 1) give user 0 the cosines 1, 0, 0.7071, hence the
 * row (0.473, 0.174, 0.353).
 *
 * @param layout layout of the adapters; only used by {@code RELEASED}
 */
@Component(name = "model-similarity", about = "S1: by the cosine of parameters")
public record ModelSimilarity(
        @Setting(at = "trust.scale", own = true) Double scale,
        @Setting(at = "fidelity") Fidelity fidelity,
        @Setting(at = "trust") Selection selection,
        AdapterLayout layout)
        implements TrustStrategy {
    /** @param scale s; null for 1 */
    public ModelSimilarity {
        scale = scale == null ? Double.valueOf(1) : scale;
    }

    @Override
    public TrustStrategy in(TrustContext run) {
        return new ModelSimilarity(scale, fidelity, selection, run.layout());
    }

    @Override
    public double score(Snapshot own, Snapshot candidate, Probe probe) {
        float[] mine = own.parameters();
        float[] theirs = candidate.parameters();
        return fidelity == Fidelity.RELEASED ? meanRowCosine(mine, theirs) : cosine(mine, theirs);
    }

    @Override
    public boolean needsParameters() {
        return true;
    }

    @Override
    public double[] row(int me, int[] users, double[] scores) {
        return selection.row(
                me, users, Arrays.stream(scores).map(cosine -> scale * cosine).toArray());
    }

    private double meanRowCosine(float[] x, float[] y) {
        double sum = 0;
        long rows = 0;
        for (AdapterLayout.Part p : layout.parts()) {
            // A is stored as [r, in], so a row of the released code is a column here: r numbers with stride `in`.
            // Likewise for B, stored as [out, r].
            for (int i = 0; i < p.in(); i++, rows++) {
                sum += cosine(x, y, p.offsetA() + i, p.rank(), p.in());
            }
            for (int r = 0; r < p.rank(); r++, rows++) {
                sum += cosine(x, y, p.offsetB() + r, p.out(), p.rank());
            }
        }
        return sum / rows;
    }

    /** Returns the cosine of two vectors [P]; 0 if one of them is zero. */
    public static double cosine(float[] x, float[] y) {
        return cosine(x, y, 0, y.length, 1);
    }

    /** Returns the cosine of n numbers with an offset and a stride; 0 if one of the vectors is zero. */
    private static double cosine(float[] x, float[] y, int from, int n, int stride) {
        double dot = 0;
        double xx = 0;
        double yy = 0;
        for (int k = 0, at = from; k < n; k++, at += stride) {
            dot += (double) x[at] * y[at];
            xx += (double) x[at] * x[at];
            yy += (double) y[at] * y[at];
        }
        return xx == 0 || yy == 0 ? 0 : dot / Math.sqrt(xx * yy);
    }
}
