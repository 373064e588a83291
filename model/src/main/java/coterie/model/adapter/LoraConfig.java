package coterie.model.adapter;

import coterie.model.base.BaseFamily;
import coterie.model.base.Projection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * LoRA: W x + b + (α/r) · B(A(dropout(x))), with A [r, in] and B [out, r] (Hu et al., arXiv 2106.09685).
 *
 * @param rank r
 * @param alpha α
 * @param dropout probability that an input of A is dropped while training, in [0, 1)
 * @param targets which layers are adapted
 */
public record LoraConfig(int rank, double alpha, double dropout, Set<Target> targets) {
    /** In float32 the products of a larger α are infinite. */
    private static final double MOST_ALPHA = 1e6;

    public LoraConfig {
        require(rank >= 1, "rank", "at least 1", rank);
        require(alpha > 0 && alpha <= MOST_ALPHA, "alpha", "greater than 0 and at most " + MOST_ALPHA, alpha);
        require(dropout >= 0 && dropout < 1, "dropout", "in [0, 1)", dropout);
        if (targets == null || targets.isEmpty()) {
            throw new IllegalArgumentException(
                    "targets must name at least one of " + String.join(", ", Target.names()));
        }
        targets = Set.copyOf(targets);
    }

    /** All layers adapted, no dropout. */
    public static LoraConfig of(int rank, double alpha) {
        return new LoraConfig(rank, alpha, 0, Set.of(Target.ATTENTION, Target.MLP));
    }

    /**
     * The layers of every block that are adapted, in the family's order.
     *
     * @throws IllegalArgumentException if a target names none of the family's layers
     */
    public Set<Projection> projections(BaseFamily family) {
        Set<Projection> named = new LinkedHashSet<>();
        for (Projection p : family.projections()) {
            if (targets.stream().anyMatch(t -> t.projections(family).contains(p))) {
                named.add(p);
            }
        }
        return named;
    }

    public double scale() {
        return alpha / rank;
    }

    private static void require(boolean holds, String name, String what, Object found) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must be " + what + ", found " + found);
        }
    }
}
