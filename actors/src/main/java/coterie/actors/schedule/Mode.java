package coterie.actors.schedule;

/** When a user goes on from one turn to the next. */
public enum Mode {
    /** When the snapshots of the same turn have arrived from all in-neighbours that take part in it. */
    SYNCHRONOUS,
    /** At once, with the snapshots that have arrived. */
    ASYNCHRONOUS
}
