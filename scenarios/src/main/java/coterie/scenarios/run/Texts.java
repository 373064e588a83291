package coterie.scenarios.run;

import coterie.model.text.AgNews;
import coterie.model.text.BuiltinText;
import coterie.model.text.DataException;
import coterie.model.text.Partition;
import coterie.model.text.Society;
import coterie.model.text.TextFiles;
import coterie.model.text.TextSource;
import coterie.model.text.Tokenizer;
import coterie.scenarios.schema.InputException;
import coterie.scenarios.schema.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The text of a scenario: its source, and what each user gets of it. */
public final class Texts {
    private static final String BUILTIN = "builtin:";

    private Texts() {
    }

    /** Deals the scenario's text to its users. @throws InputException where there is no such source or too little text */
    public static Society deal(Scenario scenario, Path file, Tokenizer tokenizer) {
        Scenario.Data d = scenario.data();
        try {
            TextSource source = source(d, file);
            double[][] mixtures = mixtures(scenario, source.categories(), file);
            return new Partition(mixtures, d.trainTokens(), d.validationTokens(), d.testTokens(), d.sharedTokens()).deal(source, tokenizer, d.seed());
        } catch (DataException e) {
            throw new InputException(file + ": data: " + e.getMessage());
        }
    }

    private static TextSource source(Scenario.Data d, Path file) {
        if (d.source().startsWith(BUILTIN)) {
            return new BuiltinText(d.source().substring(BUILTIN.length()));
        }
        return switch (d.source()) {
            case "text" -> new TextFiles(resolve(d.path(), file));
            case "ag-news" -> new AgNews(resolve(d.path(), file));
            default -> throw new InputException(file + ": data.source: found \"" + d.source() + "\", allowed: text, ag-news, "
                    + String.join(", ", BuiltinText.corpora().keySet().stream().map(c -> BUILTIN + c).toList()));
        };
    }

    /** A path as seen from here, or else from the scenario file's folder. */
    public static Path resolve(String path, Path file) {
        Path here = Path.of(path);
        Path beside = file.toAbsolutePath().getParent().resolve(path);
        return !Files.exists(here) && Files.exists(beside) ? beside : here;
    }

    private static double[][] mixtures(Scenario s, List<String> categories, Path file) {
        return switch (s.data().heterogeneity()) {
            case HIGH -> Partition.high(s.users(), categories.size(), s.data().arrangement());
            case LOW -> Partition.low(s.users(), categories.size(), s.data().arrangement());
            case MIXTURES -> {
                double[][] m = new double[s.users()][categories.size()];
                for (int u = 0; u < m.length; u++) {
                    for (Map.Entry<String, Double> e : s.data().mixtures().get(u).entrySet()) {
                        int c = categories.indexOf(e.getKey());
                        if (c < 0) {
                            throw new InputException(file + ": data.mixtures." + u + ": there is no category " + e.getKey() + "; there are "
                                    + String.join(", ", categories));
                        }
                        m[u][c] = e.getValue();
                    }
                }
                yield m;
            }
        };
    }
}
