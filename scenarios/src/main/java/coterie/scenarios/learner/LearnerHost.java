package coterie.scenarios.learner;

import coterie.model.text.DatasetOutline;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.List;

/** Where users learn in this process: the model on its devices, and the data of the users that live here. */
public interface LearnerHost extends AutoCloseable {
    /** Names of the devices, separated by commas. */
    String device();

    /**
     * Whether training here recomputes activations, since a user's pass does not fit into memory otherwise. Known once
     * users have trained.
     */
    default boolean recomputes() {
        return false;
    }

    /**
     * Loads the data of all users.
     *
     * @throws coterie.scenarios.config.InputException if there is no such data, too little, or more than fits into
     *     memory
     */
    DatasetOutline load(Loaded loaded);

    /**
     * Loads the data of some users, and drops that of others.
     *
     * @param users in ascending order
     * @param index of these users, see {@link DataIndex#bytes}
     * @throws coterie.scenarios.config.InputException if there is no such data, or more than fits into memory
     */
    DatasetOutline load(Loaded loaded, int[] users, byte[] index);

    /** Returns the hash that {@link DataIndex#fingerprint} returns for the same users. */
    String fingerprint(int[] users);

    /** Returns a hash of the data of all users, if all were loaded, or null. {@link DataIndex#dataHash} is the same. */
    default String dataHash() {
        return null;
    }

    /**
     * Returns the learners of a run's users whose data is loaded.
     *
     * @param users in ascending order; they are divided among the devices by {@link DeviceShares}
     */
    Learners learners(Loaded loaded, int[] users);

    /**
     * Returns text that users' models write when a run is over.
     *
     * @param parameters at the end, by user; null for users without
     */
    default List<TextSample> samples(Loaded loaded, List<float[]> parameters) {
        return List.of();
    }

    @Override
    void close();
}
