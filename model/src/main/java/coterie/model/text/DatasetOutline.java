package coterie.model.text;

import java.util.List;

/**
 * The sizes of a data set, without its tokens.
 *
 * @param categories of the source
 * @param users by id
 * @param notes what a person should know of the text, a line each
 */
public record DatasetOutline(List<String> categories, List<User> users, List<String> notes) {
    /**
     * The size of one user's data.
     *
     * @param mixture share of each category; the sum is 1
     * @param train tokens of its training data, {@code validation} and {@code test} likewise
     */
    public record User(double[] mixture, int train, int validation, int test) {}

    /** Mixtures of all users, [N][categories]. */
    public double[][] mixtures() {
        return users.stream().map(User::mixture).toArray(double[][]::new);
    }
}
