package coterie.scenarios.learner;

import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.UserGroup;
import coterie.topology.group.Groups;
import java.util.List;

/** The groups of users as a column of a table; of no width if there are no groups. */
public final class GroupColumn {
    private static final int LEAST_WIDTH = 5;

    private final boolean any;
    private final List<String> names;
    private final int[] of;
    private final int width;

    private GroupColumn(Groups groups) {
        any = groups.any();
        names = groups.names();
        of = groups.ofUsers();
        width = Math.max(
                LEAST_WIDTH, names.stream().mapToInt(String::length).max().orElseThrow());
    }

    /** The groups of a scenario's users. */
    public static GroupColumn of(Loaded loaded) {
        return new GroupColumn(UserGroup.groups(loaded.scenario()));
    }

    /** The head of the column, with a space after it. */
    public String head() {
        return cell("group");
    }

    /** The group of a user, with a space after it. */
    public String of(int user) {
        return cell(names.get(of[user]));
    }

    private String cell(String text) {
        return !any ? "" : String.format("%-" + width + "s ", text);
    }
}
