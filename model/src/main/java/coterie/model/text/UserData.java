package coterie.model.text;

/**
 * What one user holds: token ids, documents parted by the end of text. No document is in two of {@code train},
 * {@code validation} and {@code test}, or with two users; the one at which {@code train} is cut for {@code fineTune},
 * which is trained on as well, may lie in both. Not to be changed.
 *
 * @param train to train on
 * @param fineTune the part of the training data that is kept for local fine-tuning at the end; empty where a strategy
 *     keeps none
 * @param validation for trust by validation performance
 * @param test for evaluation only
 * @param mixture share of each category, in the order of the society's categories; the sum is 1
 */
public record UserData(int[] train, int[] fineTune, int[] validation, int[] test, double[] mixture) {
    /** The same data with the last share of the training part kept for fine-tuning. */
    public UserData withFineTuneShare(double share) {
        int cut = train.length - (int) Math.round(share * train.length);
        return new UserData(
                java.util.Arrays.copyOf(train, cut),
                java.util.Arrays.copyOfRange(train, cut, train.length),
                validation,
                test,
                mixture);
    }
}
