package coterie.model.pretrain;

import coterie.model.base.DecoderConfig;
import coterie.model.program.Precision;
import java.nio.file.Path;
import java.util.List;

/**
 * Settings of pretraining.
 *
 * @param seed of everything random
 * @param config its shape; the vocabulary may come out smaller where the text has too few pairs to merge
 * @param tokenizerCharacters how much text, shared over the sources by weight, the vocabulary is learned from
 * @param sources what it is trained on
 * @param steps number of updates
 * @param batch sequences an update
 * @param shards parts into which a batch is cut, computed at the same time; part of the result, unlike the number of
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
     * @param label its name in the model card
     * @param path folder, as for the scenario source {@code text}
     * @param categories which of its categories; empty for all
     * @param weight its share of the training windows
     * @param maxTokens tokens to take at most
     * @param from share of each category's documents that is passed over at the beginning, in [0, 1)
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
