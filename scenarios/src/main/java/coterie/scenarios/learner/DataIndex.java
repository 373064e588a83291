package coterie.scenarios.learner;

import coterie.model.text.DatasetOutline;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.List;

/** What the starter of a run over nodes knows of users' data without keeping it. */
public interface DataIndex {
    /** Begins every fingerprint. */
    String PREFIX = "sha256:";

    /** Returns the sizes of users' data. */
    DatasetOutline outline();

    /**
     * Returns what a node needs to find the data of users, besides the scenario.
     *
     * @param users in ascending order
     */
    byte[] bytes(int[] users);

    /**
     * Returns a hash of the model and the data of users: machines on which it differs would learn different things.
     *
     * @param users in ascending order
     */
    String fingerprint(int[] users);

    /** Returns a hash of the data of all users, without the model, or null. */
    default String dataHash() {
        return null;
    }

    /**
     * Returns text that users' models write when the run is over, see {@link LearnerHost#samples}. Model and data of
     * these users are loaded for it.
     */
    default List<TextSample> samples(Loaded loaded, List<float[]> parameters) {
        return List.of();
    }
}
