package coterie.model.utility;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.WeightChanges;
import coterie.model.exchange.PredictionChanges;
import coterie.model.exchange.PredictionDivergence;
import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.MixingInput;
import coterie.model.trust.ModelSimilarity;
import coterie.topology.drift.PhaseShares;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures the utility of neighbours: by how much the user's validation loss falls when it mixes a little of a
 * neighbour's model into its own. For user i and neighbour j it is
 *
 * <p>u_ij = L_i(θ_i) − L_i(θ_i + ε (θ_j − θ_i)),
 *
 * <p>with the parameters θ as they are exchanged and L_i the mean cross-entropy on X_i^val, in nats. It is positive if
 * the neighbour helps: the only place where this sign is chosen. To first order it is ε ⟨−∇L_i(θ_i), θ_j − θ_i⟩, the
 * gain per unit of weight in a trust row.
 *
 * <p>ε has to be small, so that the first order dominates, and large beside the rounding of a loss in float32, whose
 * relative error is about 1e-7. The default of scenarios, 0.1, is of the size of a weight in a trust row: a gain of a
 * thousandth of the loss is then ten thousand times its rounding.
 *
 * <p>Beside it all {@link Evidence} about the same pair at the same instant, always computed from the two models and
 * never from stored scores:
 *
 * <ul>
 *   <li>the cosine of θ_i and θ_j, and of ΔW_i and ΔW_j, see {@link WeightChanges};
 *   <li>−L_i(θ_j);
 *   <li>of the predictions of both models at the same inputs, minus the mean over positions of the ℓ1 distances of
 *       logits and of probabilities, of KL(p_i ‖ p_j), and of (KL(p_i ‖ p_j) + KL(p_j ‖ p_i)) / 2, see
 *       {@link PredictionDivergence};
 *   <li>the cosine of the {@link PredictionChanges} that both users have published, if the run's strategy has them
 *       published.
 * </ul>
 *
 * <p>The measurement is the simulator's, like an evaluation: it draws no random numbers, changes no model, and takes no
 * virtual time.
 *
 * @param epsilon ε, in (0, 1]
 * @param layout layout of the adapters; null if the parameters are no adapters, and ΔW has no meaning of its own
 * @param changes whether snapshots contain {@link PredictionChanges}
 */
public record UtilityMeter(double epsilon, AdapterLayout layout, boolean changes) {
    /** Forward passes with any parameters, on the user's device, without dropout. */
    public interface Model {
        /**
         * Mean cross-entropy on the user's validation set, in nats. Always on the same examples.
         *
         * @param parameters [P]
         * @param data phases of the validation set
         */
        double validationLoss(float[] parameters, PhaseShares data);

        /**
         * Predictions at the inputs at which models are compared, the same for all parameters.
         *
         * @param parameters [P]
         * @param data phases of the user's data
         */
        Predictions predictions(float[] parameters, PhaseShares data);
    }

    /** @throws IllegalArgumentException if ε is not in (0, 1] */
    public UtilityMeter {
        if (!(epsilon > 0 && epsilon <= 1)) {
            throw new IllegalArgumentException("epsilon must be greater than 0 and at most 1, found " + epsilon);
        }
    }

    /**
     * Measures all candidates of a mixing but the user itself.
     *
     * @param me the user, whose own snapshot is among the candidates
     * @param input candidates with parameters
     * @param data phases of the user's data
     */
    public UtilityRow measure(int me, MixingInput input, PhaseShares data, Model model) {
        List<Snapshot> others = new ArrayList<>(input.candidates());
        Snapshot own = others.stream().filter(c -> c.user() == me).findFirst().orElseThrow();
        others.remove(own);
        if (others.isEmpty()) {
            return new UtilityRow(new int[0], new double[0], new double[0]);
        }
        double loss = model.validationLoss(own.parameters(), data);
        Predictions predictions = model.predictions(own.parameters(), data);
        double[] utilities = new double[others.size()];
        double[] evidence = new double[others.size() * Evidence.values().length];
        for (int k = 0; k < utilities.length; k++) {
            Snapshot other = others.get(k);
            float[] little = mixture(own.parameters(), other.parameters());
            utilities[k] = finite(loss - model.validationLoss(little, data));
            double[] of = evidence(own, predictions, other, data, model);
            System.arraycopy(of, 0, evidence, k * of.length, of.length);
        }
        return new UtilityRow(others.stream().mapToInt(Snapshot::user).toArray(), utilities, evidence);
    }

    /** Returns θ_i + ε (θ_j − θ_i) [P]. */
    private float[] mixture(float[] own, float[] other) {
        float[] mixture = new float[own.length];
        for (int p = 0; p < mixture.length; p++) {
            mixture[p] = (float) (own[p] + epsilon * ((double) other[p] - own[p]));
        }
        return mixture;
    }

    private double[] evidence(Snapshot own, Predictions predictions, Snapshot other, PhaseShares data, Model model) {
        PredictionDivergence d = PredictionDivergence.of(predictions, model.predictions(other.parameters(), data));
        double[] of = new double[Evidence.values().length];
        Arrays.fill(of, Double.NaN);
        set(of, Evidence.PARAMETER_COSINE, ModelSimilarity.cosine(own.parameters(), other.parameters()));
        if (layout != null) {
            set(of, Evidence.WEIGHT_COSINE, WeightChanges.cosine(layout, own.parameters(), other.parameters()));
        }
        set(of, Evidence.VALIDATION_LOSS, -model.validationLoss(other.parameters(), data));
        set(of, Evidence.LOGIT_L1, -d.logits());
        set(of, Evidence.PROBABILITY_L1, -d.probabilities());
        set(of, Evidence.KL, -d.forward());
        set(of, Evidence.SYMMETRIC_KL, -d.symmetric());
        if (changes) {
            set(of, Evidence.CHANGE_COSINE, PredictionChanges.cosine(own.predictions(), other.predictions()));
        }
        return of;
    }

    private static void set(double[] to, Evidence kind, double value) {
        // Makes −0 and 0 one value.
        to[kind.ordinal()] = finite(value) + 0.0;
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : Double.NEGATIVE_INFINITY;
    }
}
