package coterie.model.text;

import java.util.Arrays;
import java.util.List;

/**
 * What all users of a run hold.
 *
 * @param categories of the source
 * @param users their data, by id
 * @param shared X_S, [categories][tokens]: as much of every category, disjoint from every user's data; no tokens where
 *     none were asked for
 * @param notes what a person should know of the text, a line each: files passed over, documents dropped
 */
public record FederatedDataset(List<String> categories, List<UserData> users, int[][] shared, List<String> notes) {
    /** A society of whose text there is nothing to say. */
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
}
