package coterie.scenarios.config;

import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.CrashRate;
import coterie.topology.group.Group;
import coterie.topology.group.Groups;
import coterie.topology.group.Membership;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Users with devices, links, participation or data of their own. What is null is as for all users.
 *
 * @param users see {@link Membership}
 * @param share see {@link Membership}
 * @param ids see {@link Membership}
 */
public record UserGroup(
        String name,
        Integer users,
        Double share,
        List<Integer> ids,
        GroupTime time,
        Participation participation,
        GroupFaults faults,
        GroupData data) {
    /** The blocks of a group in which a component is selected; their key paths are those of the scenario. */
    static final List<Slot> SLOTS = List.of(Slot.COMPUTE, Slot.LATENCY, Slot.BANDWIDTH, Slot.PARTICIPATION);

    public UserGroup {
        new Group(name, new Membership(users, share, ids), null, null, null, null, null);
    }

    /** Compute times and links. */
    public record GroupTime(ComputeTime compute, Latency latency, Bandwidth bandwidth) {}

    /** Random crashes. */
    public record GroupFaults(Double crashesPerHour, Double downSeconds) {
        private static final double DOWN_SECONDS = 60;

        public GroupFaults {
            crashesPerHour = crashesPerHour == null ? 0 : crashesPerHour;
            downSeconds = downSeconds == null ? DOWN_SECONDS : downSeconds;
            new CrashRate(crashesPerHour, downSeconds);
        }

        private CrashRate rate() {
            return new CrashRate(crashesPerHour, downSeconds);
        }
    }

    /**
     * Data. Tests are of the same size for all users, so that their results are comparable.
     *
     * @param mixture share of each category
     * @param trainTokens tokens of text to train on
     * @param trainRows rows of vectors to train on
     */
    public record GroupData(Map<String, Double> mixture, Integer trainTokens, Integer trainRows) {
        private static final int LEAST_TOKENS = 2;

        public GroupData {
            atLeast("train_tokens", LEAST_TOKENS, trainTokens);
            atLeast("train_rows", 1, trainRows);
        }

        private static void atLeast(String name, int least, Integer found) {
            if (found != null && found < least) {
                throw new IllegalArgumentException(name + " must be at least " + least + ", found " + found);
            }
        }
    }

    /**
     * Divides the users of a scenario into its groups.
     *
     * @throws coterie.topology.group.GroupException if the groups do not fit the users
     */
    public static Groups groups(Scenario s) {
        return Groups.of(
                s.seed(), s.users(), s.groups().stream().map(UserGroup::group).toList());
    }

    /** Returns the number of training tokens of each user, [users]. */
    public static int[] trainTokens(Scenario s) {
        return sizes(s, s.data().trainTokens(), GroupData::trainTokens);
    }

    /** Returns the number of training rows of each user, [users]. */
    public static int[] trainRows(Scenario s) {
        return sizes(s, s.data().trainRows(), GroupData::trainRows);
    }

    /**
     * Refuses a size that has no effect.
     *
     * @param at maps a key path to its location, for messages
     * @param key key of the size in {@code data}
     * @param with where it has no effect, and what to use
     */
    public static void refuse(
            Scenario s, UnaryOperator<String> at, String key, Function<GroupData, Integer> size, String with) {
        for (int k = 0; k < s.groups().size(); k++) {
            GroupData data = s.groups().get(k).data();
            if (data != null && size.apply(data) != null) {
                throw new InputException(at.apply("groups." + k + ".data." + key) + ": has no effect with " + with
                        + ", found " + size.apply(data));
            }
        }
    }

    private static int[] sizes(Scenario s, int common, Function<GroupData, Integer> own) {
        return Arrays.stream(groups(s).ofUsers())
                .map(g -> {
                    GroupData data =
                            g == s.groups().size() ? null : s.groups().get(g).data();
                    Integer size = data == null ? null : own.apply(data);
                    return size == null ? common : size;
                })
                .toArray();
    }

    private Group group() {
        return new Group(
                name,
                new Membership(users, share, ids),
                time == null ? null : time.compute,
                time == null ? null : time.latency,
                time == null ? null : time.bandwidth,
                participation,
                faults == null ? null : faults.rate());
    }
}
