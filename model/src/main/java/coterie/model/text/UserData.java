package coterie.model.text;

import java.util.Arrays;

/**
 * One user's data: token ids, with documents separated by the end of text. No document is in two of {@code train},
 * {@code validation} and {@code test}, or with two users; the document at which {@code train} is split for
 * {@code fineTune} may be in both. The arrays must not be modified.
 *
 * @param train training data
 * @param fineTune part of the training data reserved for local fine-tuning at the end; empty if the strategy reserves
 *     none
 * @param validation data for trust by validation performance
 * @param test data for evaluation only
 * @param mixture share of each category, in the order of the data set's categories; the sum is 1
 */
public record UserData(int[] train, int[] fineTune, int[] validation, int[] test, double[] mixture) {
    private static final int[] NONE = new int[0];

    /** Creates the data of a user whose tokens are on another machine. */
    public static UserData withoutTokens(double[] mixture) {
        return new UserData(NONE, NONE, NONE, NONE, mixture);
    }

    /** Returns the same data with the last share of the training data reserved for fine-tuning. */
    public UserData withFineTuneShare(double share) {
        int cut = train.length - (int) Math.round(share * train.length);
        return new UserData(
                Arrays.copyOf(train, cut), Arrays.copyOfRange(train, cut, train.length), validation, test, mixture);
    }
}
