package coterie.model.text;

import java.util.Arrays;
import java.util.List;

/**
 * The data of all users of a run.
 *
 * @param categories categories of the source
 * @param users data of users by id; on a node, users hosted elsewhere have no tokens
 * @param shared X_S, [categories of X_S][tokens], disjoint from the data of all users; may be empty
 * @param notes notes on the text for the user, one per line, for instance files skipped and documents dropped
 */
public record FederatedDataset(List<String> categories, List<UserData> users, int[][] shared, List<String> notes) {
    /** Creates a data set without notes. */
    public FederatedDataset(List<String> categories, List<UserData> users, int[][] shared) {
        this(categories, users, shared, List.of());
    }

    /** Returns the same data with another X_S. */
    public FederatedDataset withShared(int[][] other) {
        return new FederatedDataset(categories, users, other, notes);
    }

    /** Returns the number of tokens of X_S over all categories. */
    public int sharedTokens() {
        return Arrays.stream(shared).mapToInt(s -> s.length).sum();
    }

    /** Returns the mixtures of all users, [N][categories]. */
    public double[][] mixtures() {
        return users.stream().map(UserData::mixture).toArray(double[][]::new);
    }

    /** Returns the sizes of all users' data. */
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
