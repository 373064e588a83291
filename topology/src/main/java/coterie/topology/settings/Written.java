package coterie.topology.settings;

/** An enum constant whose spelling in scenario files differs from its lower-case name. */
public interface Written {
    /** The spelling in scenario files. */
    String text();
}
