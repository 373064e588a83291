package coterie.model.task;

import java.nio.file.Path;
import java.util.List;

/**
 * Where users' data comes from, selected by name in a scenario. What can be read from a source depends on its kind:
 * {@link coterie.model.text.TextCorpus} yields documents, {@link coterie.model.vectors.VectorSource} vectors with
 * labels.
 */
public interface DataSource {
    /** What an example is made of. */
    Task.Data data();

    /**
     * Returns the files that are read from a folder that a setting of the source names, in a fixed order; a run is
     * resumed only if they are unchanged.
     *
     * @throws coterie.model.text.DataException if they cannot be listed
     */
    List<Path> files(Path folder);
}
