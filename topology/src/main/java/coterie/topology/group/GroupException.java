package coterie.topology.group;

/** A group does not fit the simulation. */
public final class GroupException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int group;
    private final String key;

    /**
     * @param group number of the group
     * @param key key path of the setting, inside the group
     */
    GroupException(int group, String key, String message, Throwable cause) {
        super(message, cause);
        this.group = group;
        this.key = key;
    }

    /** Number of the group. */
    public int group() {
        return group;
    }

    /** Key path of the setting at fault, inside the group. */
    public String key() {
        return key;
    }
}
