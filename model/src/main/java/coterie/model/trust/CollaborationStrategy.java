package coterie.model.trust;

import java.util.OptionalInt;

/**
 * A way to collaborate, as a scenario chooses it by name: a trust strategy, or a protocol of its own. What a run has to
 * know of it before it begins, it says here.
 */
public interface CollaborationStrategy {
    /** What users predict on the shared set X_S and send with their snapshots. */
    enum PredictionForm {
        /** Nothing: there need be no shared set. */
        NONE,
        /** The largest logits of each position. */
        LOGITS,
        /** What training changed in the logits. */
        CHANGES
    }

    /** Whether users exchange anything at all. */
    default boolean communicates() {
        return true;
    }

    /** Whether its averages are meant to reach all users, so that the graph must be connected. */
    default boolean needsConnectedGraph() {
        return false;
    }

    /** Whether it measures candidates on the user's validation set. */
    default boolean needsValidationSet() {
        return false;
    }

    /** What snapshots must carry of predictions. */
    default PredictionForm predictions() {
        return PredictionForm.NONE;
    }

    /**
     * Share of a user's training data, and of its iterations, that is kept for local fine-tuning at the end, in [0, 1).
     */
    default double fineTuneShare() {
        return 0;
    }

    /** The user that only serves the others and does not train. */
    default OptionalInt server() {
        return OptionalInt.empty();
    }
}
