package coterie.model.vectors;

import java.util.List;

/**
 * The vectors of all users of a run.
 *
 * @param inputs names of the columns that are a vector's numbers, in order
 * @param classes names of the labels
 * @param users their rows, by user
 */
public record VectorDataset(List<String> inputs, List<String> classes, List<VectorUser> users) {
    public VectorDataset {
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
        users = List.copyOf(users);
    }

    /** Shares of the classes, [users][classes]. */
    public double[][] mixtures() {
        return users.stream().map(VectorUser::mixture).toArray(double[][]::new);
    }
}
