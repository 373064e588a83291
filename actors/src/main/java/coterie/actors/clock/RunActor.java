package coterie.actors.clock;

import coterie.actors.calendar.Absences;
import coterie.actors.calendar.Calendar;
import coterie.actors.calendar.EarlyStop;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.event.Dated;
import coterie.actors.event.Observation;
import coterie.actors.user.SimulationConfig;
import coterie.topology.time.Ticks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.ReceiveBuilder;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both clocks share: a run's users and recorder, its end, and a watch on its progress. */
abstract class RunActor extends AbstractBehavior<ClockCommand> {
    /** Users that were asked to finish have not answered for a while. */
    private record Overdue() implements ClockCommand {}

    /** Checks whether the run has advanced since the last check. */
    private record Watch() implements ClockCommand {}

    /** The parts of a clock. */
    record Parts(
            SimulationConfig config,
            UserRouter.Factory users,
            RunObserver observer,
            Checkpoints checkpoints,
            RunCheckpoint from,
            CompletableFuture<RunResult> result) {}

    /** A separate logger: the context's is sometimes named after Pekko, which is not logged. */
    static final Logger LOG = LoggerFactory.getLogger(RunActor.class);

    private final SimulationConfig config;
    private final UserRouter router;
    private final ActorRef<RecorderActor.Command> recorder;
    private final CompletableFuture<RunResult> result;
    private final Report.Finished[] ends;
    private final EarlyStop target;
    private final Absences absences;
    private final Duration patience;
    private final Duration stopPatience;
    private final TimerScheduler<ClockCommand> timers;
    private int finishing;
    private double now;
    private RunResult.EndedBy endedBy;
    private boolean diverged;
    private long answers;
    private long answersWatched = -1;

    /** @param time the current tick if time is real; null if it is virtual */
    RunActor(ActorContext<ClockCommand> context, TimerScheduler<ClockCommand> timers, Parts parts, LongSupplier time) {
        super(context);
        this.timers = timers;
        config = parts.config;
        result = parts.result;
        ends = new Report.Finished[config.users()];
        target = new EarlyStop(config.task(), config.target(), config.users(), this::trains);
        absences = new Absences(config);
        recorder = context.spawn(
                RecorderActor.create(parts.observer, parts.checkpoints, context.getSelf()),
                "recorder",
                DispatcherSelector.fromConfig("coterie.recorder-dispatcher"));
        patience = context.getSystem().settings().config().getDuration("coterie.watchdog");
        stopPatience = context.getSystem().settings().config().getDuration("coterie.stop-patience");
        timers.startTimerWithFixedDelay(new Watch(), patience);
        router = parts.users.create(context, context.getSelf().narrow(), time);
    }

    /** Creates a clock. If that fails, the run ends with a message. */
    static Behavior<ClockCommand> guarded(Parts parts, Supplier<Behavior<ClockCommand>> making) {
        try {
            return making.get();
        } catch (RuntimeException | Error e) {
            parts.result.completeExceptionally(
                    new RunFailedException("the run cannot begin: " + RunFailedException.inWords(e), e));
            return Behaviors.stopped();
        }
    }

    @Override
    public Receive<ClockCommand> createReceive() {
        return receive(newReceiveBuilder().onMessage(Report.Progressed.class, p -> guarded(() -> answered(p))))
                .onMessage(Report.Finished.class, f -> guarded(() -> finished(f)))
                .onMessage(ClockCommand.Flushed.class, f -> flushed())
                .onMessage(RunControl.Stop.class, s -> guarded(this::stop))
                .onMessage(RunControl.Pause.class, p -> guarded(() -> pause(p.pause())))
                .onMessage(RunControl.Close.class, c -> Behaviors.stopped())
                .onMessage(Watch.class, w -> watch())
                .onMessage(Overdue.class, o -> guarded(this::overdue))
                .onMessage(Report.Failed.class, f -> failed(RunFailedException.of("user " + f.user(), f.reason())))
                .onMessage(
                        ClockCommand.ObserverFailed.class, f -> failed(RunFailedException.of("recording", f.reason())))
                .build();
    }

    /** Runs an action; an exception ends the run with a message. */
    final Behavior<ClockCommand> guarded(Runnable action) {
        try {
            action.run();
            return result.isDone() ? Behaviors.stopped() : this;
        } catch (RuntimeException | Error e) {
            return failed(RunFailedException.of("the clock", e));
        }
    }

    /** Adds the messages of one of the clocks. */
    ReceiveBuilder<ClockCommand> receive(ReceiveBuilder<ClockCommand> builder) {
        return builder;
    }

    private void answered(Report.Progressed p) {
        if (endedBy == null) {
            answers++;
            for (Dated d : p.observed()) {
                diverged |= d.observation() instanceof Observation.Diverged;
            }
            progressed(p);
        }
    }

    /** Whether a user's training has diverged and the run ends for that reason. */
    final boolean endsWithDivergence() {
        return diverged && config.endsOnDivergence();
    }

    /** How long a run that is being stopped waits for progress. */
    final Duration stopPatience() {
        return stopPatience;
    }

    final TimerScheduler<ClockCommand> timers() {
        return timers;
    }

    /** Discards the current checkpoint. */
    final void abandonSaving() {
        recorder.tell(new RecorderActor.Abandon());
    }

    /** Ends the run at a user's request. */
    void stop() {
        end(RunResult.EndedBy.STOP);
    }

    /** Pauses virtual time, or lets it go on. */
    void pause(boolean pause) {
        // Real time cannot be paused.
    }

    /** Begins a checkpoint, after all earlier observations. */
    final void beginSaving(long checkpoint) {
        recorder.tell(new RecorderActor.Begin(checkpoint));
    }

    /** Writes a user; answered by {@link ClockCommand.Written}. */
    final void save(UserCheckpoint user) {
        recorder.tell(new RecorderActor.User(user, getContext().getSelf()));
    }

    /** Ends a checkpoint, when all users have been written. */
    final void endSaving(Calendar.State calendar, List<Dated> held) {
        recorder.tell(new RecorderActor.End(new ClockState(calendar, held, target.state(), absences.state(), now)));
    }

    /** Continues from a saved state. */
    final void restore(ClockState s) {
        target.restore(s.target());
        absences.restore(s.absences());
        now = s.now();
    }

    final boolean ended() {
        return endedBy != null;
    }

    /** Called when a user has advanced; never after the end. */
    abstract void progressed(Report.Progressed p);

    /** Users that have not answered, at most so many. */
    abstract List<Integer> awaited(int most);

    /** The tick up to which all events have been processed. */
    abstract long reached();

    /** Releases observations: all, or those that no other can precede. */
    abstract void release(boolean all, List<Observation> to);

    final SimulationConfig config() {
        return config;
    }

    final UserRouter router() {
        return router;
    }

    /**
     * Sends observations to the recorder.
     *
     * @return whether the target is reached
     */
    final boolean record(boolean all) {
        List<Observation> batch = new ArrayList<>();
        release(all, batch);
        if (!batch.isEmpty()) {
            if (config.until() != Ticks.NEVER) {
                batch.removeIf(o -> o.seconds() >= Ticks.seconds(config.until()));
            }
            batch.forEach(target::observed);
            now = batch.isEmpty()
                    ? now
                    : Math.max(now, batch.get(batch.size() - 1).seconds());
            List<Observation> merged = new ArrayList<>(batch.size());
            absences.merge(batch, merged);
            recorder.tell(new RecorderActor.Record(merged));
        }
        return target.reached();
    }

    /** Ends the run, once. */
    final void end(RunResult.EndedBy by) {
        if (endedBy == null) {
            endedBy = by;
            record(true);
            if (by == RunResult.EndedBy.TIME && config.until() != Ticks.NEVER) {
                List<Observation> rest = new ArrayList<>();
                absences.finish(Ticks.seconds(config.until()), rest);
                recorder.tell(new RecorderActor.Record(rest));
            }
            finishing = config.users();
            UserActor.Finish finish = new UserActor.Finish();
            for (int u = 0; u < finishing; u++) {
                router.tell(u, finish);
            }
            router.sendOff();
            if (by == RunResult.EndedBy.STOP) {
                timers.startSingleTimer(new Overdue(), stopPatience);
            }
        }
    }

    private void finished(Report.Finished f) {
        finishing -= ends[f.user()] == null ? 1 : 0;
        ends[f.user()] = f;
        if (finishing == 0) {
            recorder.tell(new RecorderActor.Flush(getContext().getSelf()));
        }
    }

    /** A stopped run does not wait for users that are still computing. */
    private void overdue() {
        for (int u = 0; u < ends.length; u++) {
            if (ends[u] == null) {
                finished(new Report.Finished(u, RunResult.End.UNKNOWN, false, null));
            }
        }
    }

    /** The end of the run does not depend on users that do not train. */
    private boolean trains(int user) {
        return !config.protocol().serves(user);
    }

    /** Why the run has ended. If no training user is left, this is the reason, not that all turns are over. */
    private RunResult.EndedBy reason() {
        boolean stopped = endedBy != RunResult.EndedBy.TURNS && endedBy != RunResult.EndedBy.TIME;
        boolean gone = !stopped
                && IntStream.range(0, ends.length).anyMatch(this::trains)
                && IntStream.range(0, ends.length).filter(this::trains).allMatch(u -> ends[u].gone());
        if (!gone) {
            return endedBy;
        }
        boolean all = IntStream.range(0, ends.length)
                .filter(this::trains)
                .allMatch(u -> ends[u].end().diverged());
        return all ? RunResult.EndedBy.DIVERGENCE : RunResult.EndedBy.GONE;
    }

    private Behavior<ClockCommand> flushed() {
        if (endedBy == RunResult.EndedBy.TURNS) {
            StringBuilder stuck = new StringBuilder();
            for (Report.Finished f : ends) {
                if (!f.end().completed() && !f.gone()) {
                    stuck.append(stuck.length() == 0 ? "" : ", ")
                            .append("user ")
                            .append(f.user())
                            .append(" waits for ")
                            .append(f.waitsFor());
                }
            }
            if (stuck.length() > 0) {
                return failed(
                        new RunFailedException("at " + now + " virtual seconds no event is left, but " + stuck, null));
            }
        }
        List<RunResult.End> all = new ArrayList<>();
        for (Report.Finished f : ends) {
            all.add(f.end());
        }
        RunResult.EndedBy by = reason();
        result.complete(RunResult.of(by, by == RunResult.EndedBy.TIME ? Ticks.seconds(config.end()) : now, all));
        return Behaviors.stopped();
    }

    /** Logs a warning if the run has not advanced for a while, with the users that it waits for. */
    private Behavior<ClockCommand> watch() {
        List<Integer> awaited = answers == answersWatched && endedBy == null ? awaited(5) : List.of();
        if (!awaited.isEmpty()) {
            LOG.warn(
                    "the run has not advanced for {} s; at {} virtual seconds it waits for the computations of users"
                            + " {}",
                    patience.toSeconds(),
                    Ticks.seconds(reached()),
                    awaited);
        }
        answersWatched = answers;
        return this;
    }

    private Behavior<ClockCommand> failed(RunFailedException reason) {
        result.completeExceptionally(reason);
        return Behaviors.stopped();
    }
}
