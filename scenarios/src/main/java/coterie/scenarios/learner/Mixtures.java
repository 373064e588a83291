package coterie.scenarios.learner;

import coterie.model.text.Partition;
import coterie.model.text.TextFiles;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The share of each category in each user's data, as a scenario describes it. */
public final class Mixtures {
    private Mixtures() {}

    /**
     * Returns the mixtures, [N][categories].
     *
     * @param categories categories of the source
     * @throws InputException if the scenario names a category that the source does not have
     */
    public static double[][] of(Loaded loaded, List<String> categories) {
        Scenario s = loaded.scenario();
        return switch (s.data().heterogeneity()) {
            case HIGH -> Partition.high(s.users(), categories.size(), s.data().arrangement());
            case LOW -> Partition.low(s.users(), categories.size(), s.data().arrangement());
            case MIXTURES -> {
                double[][] m = new double[s.users()][categories.size()];
                for (int u = 0; u < m.length; u++) {
                    for (Map.Entry<String, Double> e :
                            s.data().mixtures().get(u).entrySet()) {
                        int c = categories.indexOf(TextFiles.category(e.getKey()));
                        if (c < 0) {
                            throw new InputException(loaded.at("data.mixtures." + u) + ": there is no category "
                                    + e.getKey() + "; there are "
                                    + String.join(", ", categories));
                        }
                        m[u][c] += e.getValue();
                    }
                }
                yield m;
            }
        };
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
