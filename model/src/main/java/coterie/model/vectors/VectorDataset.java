package coterie.model.vectors;

import coterie.model.text.DatasetOutline;
import java.util.List;

/**
 * The vectors of all users of a run.
 *
 * @param inputs names of the numbers of a vector, in order
 * @param classes names of the labels
 * @param categories names of the categories
 * @param users users by id; on a node, users hosted elsewhere have no rows
 */
public record VectorDataset(
        List<String> inputs, List<String> classes, List<String> categories, List<VectorUser> users) {
    public VectorDataset {
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
        categories = List.copyOf(categories);
        users = List.copyOf(users);
    }

    /** Returns the mixtures of all users, [users][categories]. */
    public double[][] mixtures() {
        return users.stream().map(VectorUser::mixture).toArray(double[][]::new);
    }

    /** Returns the sizes of all users' data, in rows. */
    public DatasetOutline outline() {
        return new DatasetOutline(
                categories,
                users.stream()
                        .map(u -> new DatasetOutline.User(
                                u.mixture(),
                                u.train().size(),
                                u.validation().size(),
                                u.test().size()))
                        .toList(),
                List.of());
    }
}
