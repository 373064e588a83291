package coterie.scenarios.learner;

import coterie.scenarios.config.LearnerType;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.List;

/** A learner that runs can use. */
public interface RunnableLearner extends LearnerType {
    /** Returns the learner of a scenario. */
    static RunnableLearner of(Loaded loaded) {
        return (RunnableLearner) loaded.scenario().model().learner();
    }

    /** Name and version of what computes, for results. */
    String engine();

    /**
     * Checks what this machine must have besides files and memory; fails with an {@code EngineUnavailableException} if
     * it lacks native libraries.
     */
    default void checkMachine() {}

    /**
     * Checks what is known of a scenario that is meant for another machine.
     *
     * @throws coterie.scenarios.config.InputException if a run would be refused there too
     */
    default void checkElsewhere(Loaded loaded) {}

    /**
     * Checks the names of the devices that shall compute.
     *
     * @throws coterie.scenarios.config.InputException if users cannot learn on one of them
     */
    default void checkDevices(List<String> names) {}

    /**
     * Opens what the runs of a scenario share.
     *
     * @throws coterie.scenarios.config.InputException if it cannot be read, or does not fit the scenario
     */
    LearnerInputs open(Loaded loaded);
}
