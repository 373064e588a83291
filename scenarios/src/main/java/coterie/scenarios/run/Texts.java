package coterie.scenarios.run;

import coterie.model.text.DataException;
import coterie.model.text.DatasetOutline;
import coterie.model.text.DocumentIndex;
import coterie.model.text.FederatedDataset;
import coterie.model.text.Partition;
import coterie.model.text.TextCorpus;
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
import java.util.function.BiFunction;

/** The text of a scenario: its source, and the part of it that each user gets. */
public final class Texts {
    private Texts() {}

    /**
     * The sizes of the data that users get. An endless source is not dealt for it.
     *
     * @throws InputException if there is no such source, too little text, or more than fits into memory
     */
    static DatasetOutline outline(Loaded loaded, Tokenizer tokenizer) {
        return with(loaded, (source, partition) -> {
            if (source.endless()) {
                partition.refuseTooLarge();
                return partition.outline(source, source.notes());
            }
            Partition.Indexed indexed = partition.index(source, tokenizer, seed(loaded), (user, data) -> {});
            partition.refuseTooLarge();
            return partition.outline(source, indexed.notes());
        });
    }

    /**
     * The tokenizer of a scenario's base.
     *
     * @throws InputException if the base cannot be read
     */
    public static Tokenizer tokenizer(Loaded loaded) {
        return RunBase.load(loaded).tokenizer();
    }

    /**
     * Deals the scenario's text to all users, in memory.
     *
     * @throws InputException if there is no such source, too little text, or more than fits into memory
     */
    public static FederatedDataset deal(Loaded loaded, Tokenizer tokenizer) {
        return with(loaded, (source, partition) -> partition.deal(source, tokenizer, seed(loaded)));
    }

    /**
     * What the starter of a run over nodes knows of the text.
     *
     * @param outline sizes of users' data
     * @param index where users' documents stand
     * @param hashes of users' tokens
     */
    record Indexed(DatasetOutline outline, DocumentIndex index, TextHashes hashes) {}

    /**
     * Deals the scenario's text without keeping users' tokens.
     *
     * @throws InputException if there is no such source or too little text
     */
    static Indexed index(Loaded loaded, Tokenizer tokenizer) {
        return with(loaded, (source, partition) -> {
            TextHashes hashes = new TextHashes();
            Partition.Indexed indexed = partition.index(source, tokenizer, seed(loaded), hashes::add);
            hashes.shared(indexed.shared());
            return new Indexed(partition.outline(source, indexed.notes()), indexed.index(), hashes);
        });
    }

    /**
     * Reads the text of some users and the shared set; all other users of the data set have no tokens.
     *
     * @param index of these users
     * @throws InputException if there is no such source, it lacks documents of the index, or the tokens do not fit into
     *     memory
     */
    static FederatedDataset load(Loaded loaded, Tokenizer tokenizer, DocumentIndex index) {
        return with(loaded, (source, partition) -> partition.load(source, tokenizer, seed(loaded), index));
    }

    private static <T> T with(Loaded loaded, BiFunction<TextSource, Partition, T> dealing) {
        TextSource source = source(loaded);
        double[][] mixtures = mixtures(loaded, source.categories());
        try {
            return dealing.apply(source, partition(loaded, mixtures));
        } catch (DataException e) {
            throw new InputException(loaded.at("data") + ": " + e.getMessage());
        }
    }

    private static long seed(Loaded loaded) {
        return loaded.scenario().data().seed();
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
        try {
            return ((TextCorpus) d.source()).open();
        } catch (DataException e) {
            throw new InputException(loaded.at(d.path() == null ? "data.source" : "data.path") + ": " + e.getMessage());
        }
    }

    /** A path relative to the working directory, or else to the scenario file's folder. */
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
