package coterie.topology.trace;

/** Which user follows which recorded trace. */
public enum TraceOrder {
    /** Drawn from the seed. */
    RANDOM,
    /** The first user follows the first trace in the file, and so on; after the last trace again the first. */
    IN_ORDER
}
