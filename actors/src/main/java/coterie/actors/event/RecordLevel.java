package coterie.actors.event;

/** How much of what users do is recorded. */
public enum RecordLevel {
    /** Nothing: to measure the engine. */
    NOTHING,
    /** Turns, evaluations, mixings, failures. */
    TURNS,
    /** Every message as well. */
    MESSAGES
}
