package coterie.scenarios.config;

import coterie.model.task.Task;
import coterie.model.trust.CollaborationStrategy;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What the users of a scenario train, selected by {@code model.learner}. It declares what the scenario's checks and
 * results need to know. Runs need a {@code coterie.scenarios.learner.RunnableLearner}.
 */
public interface LearnerType {
    /** Returns the task of the users. */
    Task task();

    /** Whether users can send predictions on a shared set. */
    default boolean predicts() {
        return false;
    }

    /** Whether users can learn from data that changes during a run. */
    default boolean drifts() {
        return false;
    }

    /** Whether users can measure the utility of their neighbours ({@code record.utility}). */
    default boolean measuresUtility() {
        return false;
    }

    /** Whether users can train on flipped labels. */
    default boolean flipsLabels() {
        return false;
    }

    /**
     * Returns the key paths of settings, and of blocks of settings, that have no effect on this learner. A scenario
     * must leave them at their defaults.
     */
    List<String> unused();

    /**
     * Checks settings that this learner needs.
     *
     * @param at maps a key path to its location, for messages
     * @throws InputException for the first violation
     */
    void check(Scenario s, UnaryOperator<String> at);

    /**
     * Checks that the data a strategy needs is available.
     *
     * @param strategy the run's strategy, or that of a baseline
     * @throws InputException for the first violation
     */
    void check(Scenario s, Strategy strategy, CollaborationStrategy method, UnaryOperator<String> at);

    /** Returns the examples that a user trains on in an iteration, in tokens or rows. */
    long examples(Scenario.Training training);

    /** Returns the examples that an evaluation of a user covers, in tokens or rows. */
    long testExamples(Scenario s);
}
