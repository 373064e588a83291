package coterie.model.learn;

import coterie.model.exchange.Snapshot;
import coterie.model.trust.MixingInput;
import coterie.model.utility.UtilityRow;
import coterie.topology.drift.PhaseShares;
import java.util.List;

/** What a user trains. */
interface TrainedModel {
    /** Name of the layout of the parameters: equal for models whose parameters can be mixed, and only for them. */
    String layout();

    /** The parameters [P]; the array is not written to afterwards. */
    float[] parameters();

    /** Sets the parameters [P]; the array must not be written to. The optimiser's state stays. */
    void assign(float[] parameters);

    /** The optimiser's state; null if it has none. */
    LearnerState.Optimiser optimiser();

    /** Sets the optimiser's state; null for the initial one. */
    void restore(LearnerState.Optimiser state);

    /**
     * The measured metrics on the test set, the loss first.
     *
     * @param data phases of the test set
     */
    double[] test(int iteration, PhaseShares data);

    /**
     * Loss of a candidate's parameters on the user's validation set, for trust by validation performance.
     *
     * @param data phases of the validation set
     */
    double validationLoss(Snapshot candidate, int turn, PhaseShares data);

    /** The same of several candidates, in their order. */
    default double[] validationLosses(List<Snapshot> candidates, int turn, PhaseShares data) {
        return candidates.stream()
                .mapToDouble(c -> validationLoss(c, turn, data))
                .toArray();
    }

    /**
     * Whether turns pause before forward passes with the parameters as they are, so that these can be computed together
     * with those of other users.
     */
    default boolean pauses() {
        return false;
    }

    /** Measures the candidates of a mixing, with the parameters before it. Called only if a plan asks for it. */
    default UtilityRow utility(MixingInput input, PhaseShares data) {
        throw new UnsupportedOperationException("this model measures no utility");
    }
}
