package coterie.scenarios.learner;

import coterie.model.learn.OneCycle;
import coterie.model.learn.Schedule;
import coterie.model.program.AdamW;
import coterie.scenarios.config.Scenario;

/** The optimiser and the learning rates of a scenario. */
public final class Schedules {
    private Schedules() {}

    /** Returns the learning rate of each iteration. */
    public static Schedule of(Scenario.Training t) {
        return t.schedule() == Scenario.ScheduleKind.CONSTANT
                ? Schedule.constant(t.learningRate())
                : new OneCycle(
                        t.scheduleIterations() == null ? t.iterations() : t.scheduleIterations(),
                        t.learningRate(),
                        t.warmup(),
                        t.startDivisor(),
                        t.endDivisor());
    }

    /** Returns the constants of the optimiser. */
    public static AdamW optimiser(Scenario.Training t) {
        return new AdamW(t.betas().get(0), t.betas().get(1), t.epsilon(), t.weightDecay());
    }
}
