package coterie.scenarios.run;

import coterie.model.text.AgNews;
import coterie.model.text.BuiltinText;
import coterie.model.text.DataException;
import coterie.model.text.FederatedDataset;
import coterie.model.text.Partition;
import coterie.model.text.TextFiles;
import coterie.model.text.TextSource;
import coterie.model.text.Tokenizer;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The text of a scenario: its source, and what each user gets of it. */
public final class Texts {
    private static final String BUILTIN = "builtin:";

    private Texts() {}

    /**
     * What can be known of a scenario's text without dealing it where it never ends.
     *
     * @param mixtures share of each category for each user, [N][categories]
     * @param notes what a person should know, a line each
     */
    record Outline(double[][] mixtures, List<String> notes) {}

    /**
     * Looks at the scenario's text.
     *
     * @throws InputException where there is no such source or too little text
     */
    static Outline outline(Loaded loaded, Tokenizer tokenizer) {
        TextSource source = source(loaded);
        double[][] mixtures = mixtures(loaded, source.categories());
        try {
            Partition partition = partition(loaded, mixtures);
            if (source.endless()) {
                partition.refuseTooLarge();
                return new Outline(mixtures, source.notes());
            }
            return new Outline(
                    mixtures,
                    partition
                            .deal(source, tokenizer, loaded.scenario().data().seed())
                            .notes());
        } catch (DataException e) {
            throw new InputException(loaded.at("data") + ": " + e.getMessage());
        }
    }

    /**
     * The tokenizer of a scenario's base.
     *
     * @throws InputException where that cannot be had
     */
    public static Tokenizer tokenizer(Loaded loaded) {
        return RunBase.load(loaded).tokenizer();
    }

    /**
     * Deals the scenario's text to its users.
     *
     * @throws InputException where there is no such source or too little text
     */
    public static FederatedDataset deal(Loaded loaded, Tokenizer tokenizer) {
        TextSource source = source(loaded);
        double[][] mixtures = mixtures(loaded, source.categories());
        try {
            return partition(loaded, mixtures)
                    .deal(source, tokenizer, loaded.scenario().data().seed());
        } catch (DataException e) {
            throw new InputException(loaded.at("data") + ": " + e.getMessage());
        }
    }

    private static Partition partition(Loaded loaded, double[][] mixtures) {
        Scenario.Data d = loaded.scenario().data();
        // A sequence of each category must fit into X_S.
        long least = (loaded.scenario().training().context() + 1L) * mixtures[0].length;
        int shared = d.sharedTokens() == 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, Math.max(d.sharedTokens(), least));
        return new Partition(mixtures, d.trainTokens(), d.validationTokens(), d.testTokens(), shared);
    }

    private static TextSource source(Loaded loaded) {
        Scenario.Data d = loaded.scenario().data();
        boolean builtin = d.source().startsWith(BUILTIN);
        try {
            return switch (builtin ? BUILTIN : d.source()) {
                case BUILTIN -> new BuiltinText(d.source().substring(BUILTIN.length()));
                case "text" -> new TextFiles(resolve(d.path(), loaded.file()));
                case "ag-news" -> new AgNews(resolve(d.path(), loaded.file()));
                default ->
                    throw new InputException(loaded.at("data.source") + ": found \"" + d.source()
                            + "\", allowed: text, ag-news, "
                            + String.join(
                                    ", ",
                                    BuiltinText.corpora().keySet().stream()
                                            .map(c -> BUILTIN + c)
                                            .toList()));
            };
        } catch (DataException e) {
            throw new InputException(loaded.at(builtin ? "data.source" : "data.path") + ": " + e.getMessage());
        }
    }

    /** A path as seen from here, or else from the scenario file's folder. */
    public static Path resolve(String path, Path file) {
        Path here = Path.of(path);
        Path beside = file.toAbsolutePath().getParent().resolve(path);
        return !Files.exists(here) && Files.exists(beside) ? beside : here;
    }

    private static double[][] mixtures(Loaded loaded, List<String> categories) {
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
}
