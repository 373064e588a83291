package coterie.model.vectors;

import java.util.stream.IntStream;

/**
 * The rows of one user; no row is in two of the sets.
 *
 * @param train to train on
 * @param fineTune part of the training rows that a strategy keeps for local fine-tuning at the end; may be empty
 * @param validation for trust by validation performance; may be empty
 * @param test for evaluation only
 * @param mixture share of each category in the data of the user; the sum is 1
 */
public record VectorUser(Rows train, Rows fineTune, Rows validation, Rows test, double[] mixture) {
    /** The same rows with the last share of the training rows kept for fine-tuning. */
    public VectorUser withFineTuneShare(double share) {
        int cut = train.size() - (int) Math.round(share * train.size());
        return new VectorUser(
                train.select(IntStream.range(0, cut).toArray()),
                train.select(IntStream.range(cut, train.size()).toArray()),
                validation,
                test,
                mixture);
    }
}
