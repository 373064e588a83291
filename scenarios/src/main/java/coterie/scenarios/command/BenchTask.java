package coterie.scenarios.command;

import coterie.actors.cluster.RunDescription;
import coterie.actors.event.RecordLevel;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.SimulationConfigBuilder;
import coterie.model.learn.Learner;
import coterie.model.learn.LearnerState;
import coterie.model.learn.NullLearner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.scenarios.config.InputException;
import coterie.topology.device.ComputeTime;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A run in which nothing is learned.
 *
 * @param length of a user's row of parameters
 * @param millis milliseconds that a turn takes, without computing
 * @param together whether all users end their turns at the same instant
 * @param records whether turns are recorded
 */
record BenchTask(
        EngineBench.Graph graph, int users, int length, int turns, int millis, boolean together, boolean records)
        implements RunDescription {
    private static final String SEPARATOR = " ";

    @Override
    public String version() {
        return BenchRunFactory.NAME;
    }

    @Override
    public byte[] inputs(int[] some) {
        return new byte[0];
    }

    @Override
    public String fingerprint(int[] some) {
        return BenchRunFactory.NAME;
    }

    @Override
    public long bytesPerUser() {
        return 1;
    }

    @Override
    public String text() {
        return String.join(
                SEPARATOR,
                graph.name(),
                String.valueOf(users),
                String.valueOf(length),
                String.valueOf(turns),
                String.valueOf(millis),
                String.valueOf(together),
                String.valueOf(records));
    }

    static BenchTask parse(String text) {
        String[] t = text.split(SEPARATOR);
        try {
            return new BenchTask(
                    EngineBench.Graph.valueOf(t[0]),
                    Integer.parseInt(t[1]),
                    Integer.parseInt(t[2]),
                    Integer.parseInt(t[3]),
                    Integer.parseInt(t[4]),
                    Boolean.parseBoolean(t[5]),
                    Boolean.parseBoolean(t[6]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new InputException("this node is for benchmarks only");
        }
    }

    SimulationConfig config() {
        SimulationConfigBuilder config = EngineBench.config(1, EngineBench.neighbours(graph, users, 1));
        return (together ? config.compute(new ComputeTime.Constant(10)) : config)
                .schedule(new TurnSchedule(turns, 0, 1, 0))
                .records(records ? RecordLevel.TURNS : RecordLevel.NOTHING)
                .build();
    }

    /**
     * A learner whose state is as large as a real one's.
     *
     * @param rows three of the task's length, shared by all users
     */
    Learner learner(int user, float[][] rows) {
        Learner nothing = new NullLearner(user, rows[0]);
        Executor later = millis == 0 ? Runnable::run : CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
        return new Learner() {
            @Override
            public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
                return millis == 0
                        ? nothing.turn(plan)
                        : CompletableFuture.supplyAsync(() -> nothing.turn(plan).join(), later);
            }

            @Override
            public LearnerState state() {
                return new LearnerState(
                        rows[0], new LearnerState.Optimiser(rows[1], rows[2], 0), null, false, null, null, null);
            }

            @Override
            public void restore(LearnerState state) {
                // Its state never changes.
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    float[][] rows() {
        float[][] rows = new float[3][length];
        for (int k = 0; k < rows.length; k++) {
            Arrays.fill(rows[k], k);
        }
        return rows;
    }
}
