package coterie.topology.group;

import coterie.topology.settings.Checks;
import java.util.List;
import java.util.TreeSet;

/**
 * Which users belong to a group: exactly one of the three is given.
 *
 * @param users number of users: those with the lowest numbers that no group names by {@code ids}; null if not given
 * @param share share of all users, drawn from the seed; null if not given
 * @param ids user numbers; null if not given
 */
public record Membership(Integer users, Double share, List<Integer> ids) {
    public Membership {
        int given = (users == null ? 0 : 1) + (share == null ? 0 : 1) + (ids == null ? 0 : 1);
        if (given != 1) {
            throw new IllegalArgumentException(
                    "one of users, share and ids must say who belongs to the group, found " + given + " of them");
        }
        if (users != null) {
            Checks.atLeast("users", users, 1);
        }
        if (share != null) {
            Checks.share("share", share);
        }
        if (ids != null) {
            ids = List.copyOf(ids);
            if (ids.isEmpty() || new TreeSet<>(ids).size() < ids.size()) {
                throw new IllegalArgumentException("ids must name each user of the group once, found " + ids);
            }
        }
    }
}
