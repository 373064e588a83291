package coterie.scenarios.learner;

import coterie.model.text.Partition;
import coterie.model.text.TextFiles;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.config.DataDrift;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.UserGroup;
import coterie.topology.drift.Drifts;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The share of each category in each user's data, as a scenario describes it. */
public final class Mixtures {
    private Mixtures() {}

    /**
     * Returns the mixtures at the beginning of the run, [N][categories].
     *
     * @param categories categories of the source
     * @throws InputException if the scenario names a category that the source does not have
     */
    public static double[][] of(Loaded loaded, List<String> categories) {
        double[][] all = common(loaded, categories);
        List<UserGroup> groups = loaded.scenario().groups();
        int[] group = UserGroup.groups(loaded.scenario()).ofUsers();
        for (int u = 0; u < all.length; u++) {
            UserGroup.GroupData data =
                    group[u] == groups.size() ? null : groups.get(group[u]).data();
            if (data != null && data.mixture() != null) {
                all[u] = row(data.mixture(), categories, loaded, "groups." + group[u] + ".data.mixture");
            }
        }
        return all;
    }

    /**
     * Returns the mixtures at any instant of virtual time.
     *
     * @param categories categories of the source
     * @throws InputException if the scenario names a category that the source does not have
     */
    public static UserMixtures overTime(Loaded loaded, List<String> categories) {
        double[][] first = of(loaded, categories);
        List<DataDrift> entries = loaded.scenario().data().drift();
        double[][] given = new double[entries.size()][];
        for (int e = 0; e < given.length; e++) {
            Map<String, Double> mixture = entries.get(e).mixture();
            given[e] = mixture == null ? null : row(mixture, categories, loaded, "data.drift." + e + ".mixture");
        }
        Drifts drifts = DataDrift.of(loaded.scenario());
        double[][][] phases = new double[first.length][][];
        for (int u = 0; u < phases.length; u++) {
            List<Drifts.Change> changes = drifts.of(u);
            phases[u] = new double[changes.size() + 1][];
            phases[u][0] = first[u];
            for (int k = 0; k < changes.size(); k++) {
                int e = changes.get(k).entry();
                phases[u][k + 1] = given[e] != null
                        ? given[e]
                        : shifted(phases[u][k], entries.get(e).shift());
            }
        }
        return new UserMixtures(phases, drifts);
    }

    /** Moves each share on by some categories, cyclically. */
    private static double[] shifted(double[] mixture, int by) {
        double[] shifted = new double[mixture.length];
        for (int c = 0; c < mixture.length; c++) {
            shifted[(int) (((long) c + by) % mixture.length)] = mixture[c];
        }
        return shifted;
    }

    /** Returns the mixtures without regard to groups. */
    private static double[][] common(Loaded loaded, List<String> categories) {
        Scenario s = loaded.scenario();
        return switch (s.data().heterogeneity()) {
            case HIGH -> Partition.high(s.users(), categories.size(), s.data().arrangement());
            case LOW -> Partition.low(s.users(), categories.size(), s.data().arrangement());
            case MIXTURES -> {
                double[][] m = new double[s.users()][];
                for (int u = 0; u < m.length; u++) {
                    m[u] = row(s.data().mixtures().get(u), categories, loaded, "data.mixtures." + u);
                }
                yield m;
            }
        };
    }

    private static double[] row(Map<String, Double> mixture, List<String> categories, Loaded loaded, String path) {
        double[] row = new double[categories.size()];
        mixture.forEach((name, share) -> {
            int c = categories.indexOf(TextFiles.category(name));
            if (c < 0) {
                throw new InputException(loaded.at(path) + ": there is no category " + name + "; there are "
                        + String.join(", ", categories));
            }
            row[c] += share;
        });
        return row;
    }

    /** A mixture for people: {@code french 75 %, italian 25 %}. */
    public static String inWords(List<String> categories, double[] shares) {
        StringBuilder words = new StringBuilder();
        for (int c = 0; c < shares.length; c++) {
            if (shares[c] > 0) {
                words.append(words.length() == 0 ? "" : ", ")
                        .append(String.format(Locale.ROOT, "%s %.0f %%", categories.get(c), 100 * shares[c]));
            }
        }
        return words.toString();
    }
}
