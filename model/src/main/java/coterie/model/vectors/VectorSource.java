package coterie.model.vectors;

import coterie.model.task.DataSource;
import coterie.model.task.Task;

/** A source of vectors with labels that a scenario selects. */
public interface VectorSource extends DataSource {
    /**
     * Reads all rows.
     *
     * @throws coterie.model.text.DataException if they cannot be read
     */
    LabelledRows read();

    @Override
    default Task.Data data() {
        return Task.Data.VECTORS;
    }
}
