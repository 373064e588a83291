package coterie.model.text;

import java.util.Arrays;
import java.util.List;

/**
 * The data of all users of a run.
 *
 * @param categories of the source
 * @param users their data, by id; on a node, users that it does not host have no tokens
 * @param shared X_S, [categories][tokens]: equal parts of all categories, disjoint from every user's data; empty if
 *     none was asked for
 * @param notes what a person should know of the text, a line each: files passed over, documents dropped
 */
public record FederatedDataset(List<String> categories, List<UserData> users, int[][] shared, List<String> notes) {
    /** A data set without notes. */
    public FederatedDataset(List<String> categories, List<UserData> users, int[][] shared) {
        this(categories, users, shared, List.of());
    }

    /** Tokens of X_S, all categories together. */
    public int sharedTokens() {
        return Arrays.stream(shared).mapToInt(s -> s.length).sum();
    }

    /** Mixtures of all users, [N][categories]. */
    public double[][] mixtures() {
        return users.stream().map(UserData::mixture).toArray(double[][]::new);
    }

    /** The sizes of all users' data. */
    public DatasetOutline outline() {
        return new DatasetOutline(
                categories,
                users.stream()
                        .map(u -> new DatasetOutline.User(
                                u.mixture(), u.train().length, u.validation().length, u.test().length))
                        .toList(),
                notes);
    }
}
