package coterie.model.vectors;

import java.util.List;

/**
 * The rows of a source.
 *
 * @param inputs names of the numbers of a vector, in order
 * @param classes names of the labels
 * @param categories names of the categories
 * @param rows vectors and labels [n]
 * @param category category of each row [n]
 */
public record LabelledRows(
        List<String> inputs, List<String> classes, List<String> categories, Rows rows, int[] category) {
    public LabelledRows {
        if (rows.inputs() != inputs.size() || rows.size() != category.length) {
            throw new IllegalArgumentException(rows.size() + " rows of " + rows.inputs() + " numbers cannot have "
                    + category.length + " categories and " + inputs.size() + " names");
        }
    }
}
