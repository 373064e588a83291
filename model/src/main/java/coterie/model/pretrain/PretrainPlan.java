package coterie.model.pretrain;

import coterie.model.base.DecoderConfig;
import coterie.model.program.Precision;
import java.nio.file.Path;
import java.util.List;

/**
 * Settings of pretraining.
 *
 * @param seed of all random draws
 * @param config shape of the base; the vocabulary may become smaller if the text has too few pairs to merge
 * @param tokenizerCharacters characters of text from which the vocabulary is learned, divided among the sources by
 *     weight
 * @param sources text to train on
 * @param steps number of updates
 * @param batch sequences per update
 * @param shards parts of a batch that are computed at the same time; they affect the result, unlike the number of
 *     threads
 * @param precision of the linear layers and the head; the parameters themselves are float32
 * @param rate peak of the one-cycle schedule
 * @param evaluateEvery updates between evaluations, each followed by a checkpoint
 */
public record PretrainPlan(
        long seed,
        DecoderConfig config,
        long tokenizerCharacters,
        List<Source> sources,
        int steps,
        int batch,
        int shards,
        Precision precision,
        double rate,
        double weightDecay,
        int evaluateEvery) {
    /**
     * A folder of text.
     *
     * @param label name of the source in logs and evaluations
     * @param path folder, as for the scenario source {@code text}
     * @param categories categories to use; empty for all
     * @param weight relative share of the training windows
     * @param maxTokens maximum number of training tokens
     * @param from share of each category's documents to skip at the beginning, in [0, 1)
     */
    public record Source(String label, Path path, List<String> categories, double weight, int maxTokens, double from) {
        public Source {
            if (!(weight > 0) || maxTokens < 1000 || !(from >= 0 && from < 1)) {
                throw new IllegalArgumentException(
                        "a source needs a positive weight, at least 1000 tokens and from in [0, 1); found " + weight
                                + ", " + maxTokens + ", " + from);
            }
            categories = List.copyOf(categories);
        }
    }

    public PretrainPlan {
        if (sources.isEmpty()
                || steps < 1
                || shards < 1
                || batch < shards
                || batch % shards != 0
                || evaluateEvery < 1
                || !(rate > 0)) {
            throw new IllegalArgumentException(
                    "need a source, steps >= 1, a batch that is a multiple of shards, evaluate_every >= 1 and "
                            + "a positive rate");
        }
        sources = List.copyOf(sources);
    }
}
