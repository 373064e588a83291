package coterie.model.adapter;

/**
 * The changes ΔW = B·A that an adapter makes to the weights of all layers that it adapts, as one vector. Adapters with
 * equal changes may have different parameters. The common factor α/r is left out.
 */
public final class WeightChanges {
    private WeightChanges() {}

    /**
     * The cosine of two adapters' changes: Σ ⟨B·A, B'·A'⟩ over the layers, divided by the norms. No product [out, in]
     * is made, since ⟨B·A, B'·A'⟩ = Σ over r × r entries of (Bᵀ·B') ∘ (A·A'ᵀ).
     *
     * <p>Worked example: rank 1, A = (1, 0), B = (2); A' = (1, 1), B' = (1). The changes are (2, 0) and (1, 1), their
     * cosine is 1/√2.
     *
     * @param x an adapter [P]
     * @param y another [P]
     * @return 0 if one of them changes nothing
     */
    public static double cosine(AdapterLayout layout, float[] x, float[] y) {
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (AdapterLayout.Part p : layout.parts()) {
            xy += product(p, x, y);
            xx += product(p, x, x);
            yy += product(p, y, y);
        }
        return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
    }

    /** ⟨B·A, B'·A'⟩ of one layer. */
    private static double product(AdapterLayout.Part p, float[] x, float[] y) {
        double sum = 0;
        for (int r = 0; r < p.rank(); r++) {
            for (int s = 0; s < p.rank(); s++) {
                double a = 0;
                for (int i = 0; i < p.in(); i++) {
                    a += (double) x[p.offsetA() + r * p.in() + i] * y[p.offsetA() + s * p.in() + i];
                }
                double b = 0;
                for (int o = 0; o < p.out(); o++) {
                    b += (double) x[p.offsetB() + o * p.rank() + r] * y[p.offsetB() + o * p.rank() + s];
                }
                sum += a * b;
            }
        }
        return sum;
    }
}
