package coterie.scenarios.learner;

import coterie.model.files.AtomicFiles;
import coterie.model.text.DatasetOutline;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * What the runs of a scenario share on this machine: the model that users train, and their data. Scenarios passed to
 * its methods have the model and data of the one it was opened for.
 */
public interface LearnerInputs extends AutoCloseable {
    /** Number of parameters of a user, P. */
    int parameters();

    /**
     * Checks the memory for all users' parameters and for a training step.
     *
     * @throws coterie.scenarios.config.InputException if a run in this process would exceed this machine's memory
     */
    void checkMemory(Loaded loaded);

    /**
     * Notes for people on the memory of a training step on this machine, one line each.
     *
     * @return nothing if there is enough
     */
    default List<String> memoryNotes(Loaded loaded) {
        return List.of();
    }

    /**
     * Returns a lower bound of the memory that users take on a device with memory of its own, in bytes; 0 if it is not
     * known.
     *
     * @param users number of users on the device
     * @param stack users whose steps are computed in one pass
     * @param recomputes whether activations are recomputed there
     */
    default double deviceBytes(Loaded loaded, int users, int stack, boolean recomputes) {
        return 0;
    }

    /**
     * Checks what {@link #host} and {@link #index} would refuse.
     *
     * @return the sizes of users' data
     * @throws coterie.scenarios.config.InputException if a run would be refused
     */
    DatasetOutline check(Loaded loaded);

    /**
     * Divides the data among users without keeping it, for the starter of a run over nodes.
     *
     * @throws coterie.scenarios.config.InputException if there is no such data, or too little
     */
    DataIndex index(Loaded loaded);

    /**
     * Makes a place where users learn.
     *
     * @throws coterie.scenarios.config.InputException if there is no such device
     */
    LearnerHost host(Loaded loaded, List<HostDevice> devices);

    /**
     * Writes the parameters of a user at the end of a run, in the model's own format.
     *
     * @param run folder of the run
     * @param parameters [P]
     */
    void write(Path run, Loaded loaded, int user, float[] parameters, AtomicFiles.Group files) throws IOException;

    /**
     * Returns a hash of the model that users adapt, if it is part of the program; null if a setting names its files,
     * which have hashes of their own, and if there is none.
     *
     * @throws coterie.scenarios.config.InputException if it cannot be read
     */
    default String modelHash(Loaded loaded) {
        return null;
    }

    /** Prints each user's data. */
    void print(Loaded loaded, PrintStream out);

    @Override
    void close();
}
