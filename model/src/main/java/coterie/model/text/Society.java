package coterie.model.text;

import java.util.List;

/**
 * What all users of a run hold.
 *
 * @param categories of the source
 * @param users their data, by id
 * @param shared X_S, drawn equally from every category and disjoint from every user's data; empty where none was asked for
 * @param notes what a person should know of the text, a line each: files passed over, documents dropped
 */
public record Society(List<String> categories, List<UserData> users, int[] shared, List<String> notes) {
    /** A society of whose text there is nothing to say. */
    public Society(List<String> categories, List<UserData> users, int[] shared) {
        this(categories, users, shared, List.of());
    }

    /** Mixtures of all users, [N][categories]. */
    public double[][] mixtures() {
        return users.stream().map(UserData::mixture).toArray(double[][]::new);
    }
}
