package coterie.model.text;

import java.util.List;

/**
 * The sizes of a data set, without the data: in tokens of text, or in rows of vectors.
 *
 * @param categories categories of the source
 * @param users users by id
 * @param notes notes on the text for the user, one per line
 */
public record DatasetOutline(List<String> categories, List<User> users, List<String> notes) {
    /**
     * The size of one user's data.
     *
     * @param mixture share of each category; the sum is 1
     * @param train number of tokens or rows for training
     * @param validation number of tokens or rows for validation
     * @param test number of tokens or rows for testing
     */
    public record User(double[] mixture, int train, int validation, int test) {}

    /** Returns the mixtures of all users, [N][categories]. */
    public double[][] mixtures() {
        return users.stream().map(User::mixture).toArray(double[][]::new);
    }
}
