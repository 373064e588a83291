package coterie.scenarios.learner.lora;

import coterie.model.text.DataException;
import coterie.model.text.DatasetOutline;
import coterie.model.text.DealtDocuments;
import coterie.model.text.DocumentIndex;
import coterie.model.text.FederatedDataset;
import coterie.model.text.Partition;
import coterie.model.text.SharedText;
import coterie.model.text.TextCorpus;
import coterie.model.text.TextSource;
import coterie.model.text.Tokenizer;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.config.DataSettings;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.UserGroup;
import coterie.scenarios.learner.Mixtures;
import java.util.function.BiFunction;

/** The text of a scenario: its source, and the part of it that each user gets. */
final class Texts {
    private Texts() {}

    /**
     * The sizes of the data that users get. An endless source is not dealt for it.
     *
     * @throws InputException if there is no such source, too little text, or more than fits into memory
     */
    static DatasetOutline outline(Loaded loaded, Tokenizer tokenizer) {
        return with(loaded, (source, partition) -> {
            DealtDocuments dealt = new DealtDocuments();
            if (source.endless()) {
                partition.refuseTooLarge();
                shared(loaded, tokenizer, null, dealt);
                return partition.outline(source, source.notes());
            }
            Partition.Indexed indexed = partition.index(source, tokenizer, seed(loaded), dealt, (user, data) -> {});
            partition.refuseTooLarge();
            shared(loaded, tokenizer, indexed.shared(), dealt);
            return partition.outline(source, indexed.notes());
        });
    }

    /**
     * Deals the scenario's text to all users, in memory.
     *
     * @throws InputException if there is no such source, too little text, or more than fits into memory
     */
    static FederatedDataset deal(Loaded loaded, Tokenizer tokenizer) {
        return with(loaded, (source, partition) -> {
            DealtDocuments dealt = new DealtDocuments();
            FederatedDataset dataset = partition.deal(source, tokenizer, seed(loaded), dealt);
            return dataset.withShared(shared(loaded, tokenizer, dataset.shared(), dealt));
        });
    }

    /**
     * The text as the starter of a run over nodes knows it.
     *
     * @param outline sizes of users' data
     * @param index where users' documents stand
     * @param shared X_S, [categories of X_S][tokens]
     * @param hashes of users' tokens
     */
    record Indexed(DatasetOutline outline, DocumentIndex index, int[][] shared, TextHashes hashes) {}

    /**
     * Deals the scenario's text without keeping users' tokens.
     *
     * @throws InputException if there is no such source or too little text
     */
    static Indexed index(Loaded loaded, Tokenizer tokenizer) {
        return with(loaded, (source, partition) -> {
            TextHashes hashes = new TextHashes();
            DealtDocuments dealt = new DealtDocuments();
            Partition.Indexed indexed = partition.index(source, tokenizer, seed(loaded), dealt, hashes::add);
            int[][] shared = shared(loaded, tokenizer, indexed.shared(), dealt);
            hashes.shared(shared);
            return new Indexed(partition.outline(source, indexed.notes()), indexed.index(), shared, hashes);
        });
    }

    /**
     * Reads the text of some users; all other users of the data set have no tokens.
     *
     * @param index of these users
     * @param shared X_S, [categories of X_S][tokens]
     * @throws InputException if there is no such source, it lacks documents of the index, or the tokens do not fit into
     *     memory
     */
    static FederatedDataset load(Loaded loaded, Tokenizer tokenizer, DocumentIndex index, int[][] shared) {
        return with(
                loaded,
                (source, partition) ->
                        partition.load(source, tokenizer, seed(loaded), index).withShared(shared));
    }

    private static <T> T with(Loaded loaded, BiFunction<TextSource, Partition, T> dealing) {
        TextSource source = source(loaded);
        UserMixtures mixtures = Mixtures.overTime(loaded, source.categories());
        try {
            return dealing.apply(source, partition(loaded, mixtures));
        } catch (DataException e) {
            throw new InputException(loaded.at("data") + ": " + e.getMessage());
        }
    }

    private static long seed(Loaded loaded) {
        return loaded.scenario().data().seed();
    }

    private static Partition partition(Loaded loaded, UserMixtures mixtures) {
        Scenario s = loaded.scenario();
        DataSettings d = s.data();
        // A sequence of each category must fit into X_S.
        long least = (long) window(s) * mixtures.phases()[0][0].length;
        int shared = d.sharedTokens() == 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, Math.max(d.sharedTokens(), least));
        return new Partition(
                mixtures.first(),
                mixtures.later(),
                UserGroup.trainTokens(s),
                d.validationTokens(),
                d.testTokens(),
                shared);
    }

    private static int window(Scenario s) {
        return s.training().context() + 1;
    }

    /**
     * Returns X_S, [categories of X_S][tokens].
     *
     * @param reserved the part of the users' text that no user gets, as long as X_S
     */
    private static int[][] shared(Loaded loaded, Tokenizer tokenizer, int[][] reserved, DealtDocuments dealt) {
        Scenario s = loaded.scenario();
        DataSettings.Shared from = s.data().shared();
        if (from.source().isOfUsers() || s.data().sharedTokens() == 0) {
            return reserved;
        }
        try {
            return from.source()
                    .deal(new SharedText.Wanted(
                            reserved,
                            tokenizer,
                            s.data().sharedTokens(),
                            window(s),
                            from.categories(),
                            seed(loaded),
                            dealt));
        } catch (DataException e) {
            throw new InputException(loaded.at("data.shared") + ": " + e.getMessage());
        }
    }

    private static TextSource source(Loaded loaded) {
        DataSettings d = loaded.scenario().data();
        try {
            return ((TextCorpus) d.source()).open();
        } catch (DataException e) {
            throw new InputException(loaded.at(d.path() == null ? "data.source" : "data.path") + ": " + e.getMessage());
        }
    }
}
