package coterie.topology.group;

import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.CrashRate;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;

/**
 * Users with models of their own. Where a model is null, the group's users follow the simulation's.
 *
 * @param name name of the group
 * @param members which users belong to it
 */
public record Group(
        String name,
        Membership members,
        ComputeTime compute,
        Latency latency,
        Bandwidth bandwidth,
        Participation participation,
        CrashRate faults) {
    /** Name of the users that belong to no group. */
    public static final String OTHERS = "others";

    public Group {
        if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,39}") || name.equals(OTHERS)) {
            throw new IllegalArgumentException(
                    "name must be 1 to 40 letters, digits, dashes or underscores, other than " + OTHERS + ", found "
                            + (name == null ? "nothing" : name));
        }
    }
}
