package coterie.model.trust;

import java.util.OptionalInt;

/**
 * A collaboration strategy, selected by name in a scenario: a trust strategy, or a protocol with its own mixing rule.
 * It declares what a run needs to know in advance.
 */
public interface CollaborationStrategy {
    /** The form of predictions on the shared set X_S that users send with their snapshots. */
    enum PredictionForm {
        /** No predictions; the shared set may be empty. */
        NONE,
        /** The largest logits per position. */
        LOGITS,
        /** The changes of logits from training. */
        CHANGES
    }

    /** Whether users exchange snapshots. */
    default boolean communicates() {
        return true;
    }

    /** Whether averages are meant to reach all users, which requires a connected graph. */
    default boolean needsConnectedGraph() {
        return false;
    }

    /** Whether candidates are evaluated on the user's validation set. */
    default boolean needsValidationSet() {
        return false;
    }

    /** The form of predictions that snapshots must contain. */
    default PredictionForm predictions() {
        return PredictionForm.NONE;
    }

    /** The share of training data and of iterations reserved for local fine-tuning at the end, in [0, 1). */
    default double fineTuneShare() {
        return 0;
    }

    /** The user that acts as a server and does not train, if there is one. */
    default OptionalInt server() {
        return OptionalInt.empty();
    }
}
