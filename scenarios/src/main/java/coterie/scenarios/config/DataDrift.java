package coterie.scenarios.config;

import coterie.topology.drift.Drift;
import coterie.topology.drift.Drifts;
import coterie.topology.group.Membership;
import coterie.topology.settings.Checks;
import java.util.List;
import java.util.Map;

/**
 * A change of users' data during a run. What is null is not given.
 *
 * @param users see {@link Membership}; all users if none of {@code users}, {@code share} and {@code ids} is given
 * @param share see {@link Membership}
 * @param ids see {@link Membership}
 * @param atSeconds virtual seconds of the change
 * @param fromSeconds in place of {@code atSeconds}: begin of the interval from which each user's instant is drawn
 * @param untilSeconds its end
 * @param mixture share of each category in the new data
 * @param shift in place of {@code mixture}: each category's share moves on by so many categories
 * @param overSeconds virtual seconds in which the new data replaces the old; 0 for an abrupt change
 */
public record DataDrift(
        Integer users,
        Double share,
        List<Integer> ids,
        Double atSeconds,
        Double fromSeconds,
        Double untilSeconds,
        Map<String, Double> mixture,
        Integer shift,
        Double overSeconds) {
    public DataDrift {
        overSeconds = overSeconds == null ? 0 : overSeconds;
        boolean drawn = fromSeconds != null || untilSeconds != null;
        if (drawn ? atSeconds != null || fromSeconds == null || untilSeconds == null : atSeconds == null) {
            throw new IllegalArgumentException(
                    "either at_seconds, or from_seconds and until_seconds must be given, found "
                            + found(
                                    "at_seconds",
                                    atSeconds,
                                    "from_seconds",
                                    fromSeconds,
                                    "until_seconds",
                                    untilSeconds));
        }
        if (atSeconds != null) {
            Checks.seconds("at_seconds", atSeconds);
        } else if (untilSeconds <= fromSeconds) {
            throw new IllegalArgumentException(
                    "until_seconds must be later than from_seconds (" + fromSeconds + "), found " + untilSeconds);
        }
        if ((mixture == null) == (shift == null)) {
            throw new IllegalArgumentException("either mixture or shift must be given, found "
                    + found("mixture", mixture, "shift", shift, "", null));
        }
        if (shift != null) {
            Checks.notNegative("shift", shift);
        }
        int given = (users == null ? 0 : 1) + (share == null ? 0 : 1) + (ids == null ? 0 : 1);
        if (given > 1) {
            throw new IllegalArgumentException(
                    "at most one of users, share and ids may say whose data changes, found " + given + " of them");
        }
        drift(users, share, ids, atSeconds, fromSeconds, untilSeconds, overSeconds);
    }

    private static String found(String a, Object x, String b, Object y, String c, Object z) {
        String names = (x == null ? "" : " " + a) + (y == null ? "" : " " + b) + (z == null ? "" : " " + c);
        return names.isEmpty() ? "none" : String.join(" and ", names.strip().split(" "));
    }

    private static Drift drift(
            Integer users, Double share, List<Integer> ids, Double at, Double from, Double until, double over) {
        boolean all = users == null && share == null && ids == null;
        return new Drift(
                all ? null : new Membership(users, share, ids), at == null ? from : at, at == null ? until : at, over);
    }

    private Drift drift() {
        return drift(users, share, ids, atSeconds, fromSeconds, untilSeconds, overSeconds);
    }

    /**
     * Returns the changes of the data of a scenario's users.
     *
     * @throws IllegalArgumentException if an entry does not fit the users; the message begins with the offending key
     */
    public static Drifts of(Scenario s) {
        try {
            return Drifts.of(
                    s.seed(),
                    s.users(),
                    s.data().drift().stream().map(DataDrift::drift).toList());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("data.drift." + e.getMessage(), e);
        }
    }
}
