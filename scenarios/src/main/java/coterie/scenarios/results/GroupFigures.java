package coterie.scenarios.results;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.task.Metric;
import coterie.topology.group.Groups;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Sums of a run for each group of its users. */
final class GroupFigures {
    private final boolean any;
    private final List<String> names;
    private final int[] of;
    private final long[] turns;
    private final long[] occasions;
    private final long[] taken;
    /** Entries of trust rows other than users' own, and the sum of their ages in versions. */
    private final long[] mixed;

    private final double[] versions;

    GroupFigures(Groups groups) {
        any = groups.any();
        names = groups.names();
        of = groups.ofUsers();
        turns = new long[names.size()];
        occasions = new long[names.size()];
        taken = new long[names.size()];
        mixed = new long[names.size()];
        versions = new double[names.size()];
    }

    void observed(Observation o) {
        if (o instanceof Observation.TurnEnded t) {
            int g = of[t.user()];
            turns[g]++;
            occasions[g] += t.collaborative() ? 1 : 0;
            taken[g] += t.tookPart() ? 1 : 0;
        } else if (o instanceof Observation.Mixed m) {
            int g = of[m.user()];
            int[] users = m.row().users();
            for (int k = 0; k < users.length; k++) {
                if (users[k] != m.user()) {
                    mixed[g]++;
                    versions[g] += m.row().ages()[k];
                }
            }
        }
    }

    /** Adds an object for each group; nothing if there are no groups. */
    void write(ObjectNode to, Statistics stats, Presence presence, double end) {
        if (!any) {
            return;
        }
        ObjectNode all = to.putObject("groups");
        for (int g = 0; g < names.size(); g++) {
            int group = g;
            int[] members =
                    IntStream.range(0, of.length).filter(u -> of[u] == group).toArray();
            ObjectNode n =
                    all.putObject(names.get(g)).put("users", members.length).put("turns", turns[g]);
            for (Metric m : stats.task().reported()) {
                double[] values = stats.last(m);
                double[] own =
                        Arrays.stream(members).mapToDouble(u -> values[u]).toArray();
                ObjectNode metric = n.putObject(m.name());
                ResultJson.number(metric, "mean", Statistics.mean(own));
                ResultJson.number(metric, "std", Statistics.deviation(own));
            }
            ResultJson.number(n, "mean_versions", mixed[g] == 0 ? Double.NaN : versions[g] / mixed[g]);
            ResultJson.number(n, "participation", occasions[g] == 0 ? Double.NaN : (double) taken[g] / occasions[g]);
            ResultJson.number(n, "presence", presence.share(members, end));
        }
    }
}
