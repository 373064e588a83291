package coterie.actors.schedule;

/** The rule by which a user goes on from one turn to the next. */
public enum Mode {
    /** It waits for the same turn of every in-neighbour that takes part in it. */
    SYNCHRONOUS,
    /** It waits for nobody and takes what has arrived. */
    ASYNCHRONOUS
}
