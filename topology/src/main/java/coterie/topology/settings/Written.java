package coterie.topology.settings;

/** A constant that scenario files write otherwise than by its own name in lower case. */
public interface Written {
    /** As scenario files write it. */
    String text();
}
