package coterie.model.task;

/** Which target positions of a training example count in the loss. */
public enum LossMask {
    /** All of them: next-token prediction on plain text, or a single label per example. */
    ALL_POSITIONS
}
