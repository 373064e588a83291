package coterie.scenarios.learner;

import coterie.scenarios.config.InputException;
import coterie.scenarios.config.LearnerType;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.List;

/** A learner that runs can use. */
public interface RunnableLearner extends LearnerType {
    /**
     * Returns the learner of a scenario.
     *
     * @throws InputException if runs cannot use it
     */
    static RunnableLearner of(Loaded loaded) {
        return of(loaded.scenario().model().learner(), loaded.at("model.learner"));
    }

    /** @param place of the setting that selects the learner, for messages */
    static RunnableLearner of(LearnerType learner, String place) {
        if (learner instanceof RunnableLearner runnable) {
            return runnable;
        }
        throw new InputException(place + ": must name a learner that implements " + RunnableLearner.class.getName()
                + ", found one of " + learner.getClass().getName() + ", which does not");
    }

    /** Name and version of what computes, for results. */
    String engine();

    /**
     * Checks what this machine must have besides files and memory; fails with an {@code TorchUnavailableException} if
     * it lacks native libraries.
     */
    default void checkMachine() {}

    /**
     * Checks what is known of a scenario that is meant for another machine.
     *
     * @throws InputException if a run would be refused there too
     */
    default void checkElsewhere(Loaded loaded) {}

    /**
     * Checks the names of the devices that shall compute.
     *
     * @throws InputException if users cannot learn on one of them
     */
    default void checkDevices(List<String> names) {}

    /**
     * Returns the bytes of memory that a run takes, approximately. They limit how many runs of a study are under way at
     * once.
     *
     * @throws InputException if the scenario's model or data cannot be read
     */
    double bytesPerRun(Loaded loaded);

    /**
     * Opens what the runs of a scenario share.
     *
     * @throws InputException if it cannot be read, or does not fit the scenario
     */
    LearnerInputs open(Loaded loaded);
}
