package coterie.actors.clock;

import coterie.actors.life.LifeState;
import coterie.actors.life.Message;
import coterie.actors.life.Observation;
import coterie.actors.life.UserLife;
import coterie.actors.life.UserLife.Dated;
import coterie.actors.life.World;
import coterie.model.learn.Learner;
import coterie.topology.world.Ticks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.ReceiveBuilder;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** What both clocks have in common: a run's users and recorder, how it ends, and a watch over its progress. */
abstract class RunActor extends AbstractBehavior<RunActor.Command> {
    /** What a clock is told. */
    interface Command {
    }

    /** A user has done all that it may. */
    record Progressed(int user, long next, boolean quiet, long earliestSending, long reportedUntil, List<Message> sent, List<Dated> observed)
            implements Command {
    }

    /** How a user ended. */
    record Finished(int user, RunResult.End end, boolean gone, String waitsFor) implements Command {
    }

    record UserFailed(int user, Throwable reason) implements Command {
    }

    record ObserverFailed(Throwable reason) implements Command {
    }

    record Flushed() implements Command {
    }

    /** Somebody wants the run to end now. */
    record Stop() implements Command {
    }

    /** Nobody wants to know any more. */
    record Close() implements Command {
    }

    /** Time to see whether anything has gone on. */
    private record Watch() implements Command {
    }

    /** What a clock is made of. */
    record Parts(World world, List<Learner> learners, RunObserver observer, Checkpoints checkpoints, RunState from, CompletableFuture<RunResult> result) {
    }

    private final World world;
    private final List<ActorRef<UserActor.Command>> users = new ArrayList<>();
    private final ActorRef<RecorderActor.Command> recorder;
    private final CompletableFuture<RunResult> result;
    private final Finished[] ends;
    private final Target target;
    private final Duration patience;
    private int finishing;
    private double now;
    private RunResult.EndedBy endedBy;
    private long answers;
    private long answersWatched = -1;

    /** @param time the tick that it is, where time is real; null where it is virtual */
    RunActor(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts, LongSupplier time) {
        super(context);
        world = parts.world;
        result = parts.result;
        ends = new Finished[world.users()];
        target = new Target(world.targetPerplexity(), world.users());
        recorder = context.spawn(RecorderActor.create(parts.observer, parts.checkpoints, context.getSelf()), "recorder", DispatcherSelector.fromConfig("coterie.recorder-dispatcher"));
        patience = context.getSystem().settings().config().getDuration("coterie.watchdog");
        timers.startTimerWithFixedDelay(new Watch(), patience);
        for (int u = 0; u < world.users(); u++) {
            users.add(context.spawn(UserActor.create(u, new UserLife(u, world, parts.learners.get(u)), context.getSelf(), time), "user-" + u));
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return receive(newReceiveBuilder()
                .onMessage(Progressed.class, this::answered))
                .onMessage(Finished.class, this::finished)
                .onMessage(Flushed.class, f -> flushed())
                .onMessage(Stop.class, s -> {
                    stop();
                    return this;
                })
                .onMessage(Close.class, c -> Behaviors.stopped())
                .onMessage(Watch.class, w -> watch())
                .onMessage(UserFailed.class, f -> failed(new RunFailedException("user " + f.user() + " failed: " + f.reason().getMessage(), f.reason())))
                .onMessage(ObserverFailed.class, f -> failed(new RunFailedException("recording failed: " + f.reason().getMessage(), f.reason())))
                .build();
    }

    /** Messages that only one of the clocks knows. */
    ReceiveBuilder<Command> receive(ReceiveBuilder<Command> builder) {
        return builder;
    }

    private Behavior<Command> answered(Progressed p) {
        if (endedBy == null) {
            answers++;
            progressed(p);
        }
        return this;
    }

    /** Somebody wants it to end. */
    void stop() {
        end(RunResult.EndedBy.STOP);
    }

    /** Hands the recorder a state of the run to save. */
    final void save(Calendar.State calendar, List<Dated> held, List<LifeState> lives) {
        recorder.tell(new RecorderActor.Save(new RunState(calendar, held, target.state(), now, lives)));
    }

    /** Goes on from a saved state. */
    final void restore(RunState s) {
        target.restore(s.target());
        now = s.now();
    }

    final boolean ended() {
        return endedBy != null;
    }

    /** A user has answered; never called after the end. */
    abstract void progressed(Progressed p);

    /** Users that are awaited, at most so many, and the tick at which they are. */
    abstract List<Integer> awaited(int most);

    /** The tick up to which everything has happened. */
    abstract long reached();

    /** Hands on what has been observed: what nothing can precede any more, or everything. */
    abstract void release(boolean all, List<Observation> to);

    final World world() {
        return world;
    }

    final void tell(int user, UserActor.Command command) {
        users.get(user).tell(command);
    }

    /** Hands observations to the recorder. @return whether what the run was to reach is reached */
    final boolean record(boolean all) {
        List<Observation> batch = new ArrayList<>();
        release(all, batch);
        if (!batch.isEmpty()) {
            if (world.until() != Ticks.NEVER) {
                batch.removeIf(o -> o.seconds() >= Ticks.seconds(world.until()));
            }
            batch.forEach(target::observed);
            now = batch.isEmpty() ? now : Math.max(now, batch.get(batch.size() - 1).seconds());
            recorder.tell(new RecorderActor.Record(batch));
        }
        return target.reached();
    }

    /** Ends the run, once. */
    final void end(RunResult.EndedBy by) {
        if (endedBy == null) {
            endedBy = by;
            record(true);
            finishing = users.size();
            users.forEach(u -> u.tell(new UserActor.Finish()));
        }
    }

    private Behavior<Command> finished(Finished f) {
        ends[f.user()] = f;
        if (--finishing == 0) {
            recorder.tell(new RecorderActor.Flush(getContext().getSelf()));
        }
        return this;
    }

    private Behavior<Command> flushed() {
        if (endedBy == RunResult.EndedBy.TURNS) {
            StringBuilder stuck = new StringBuilder();
            for (Finished f : ends) {
                if (!f.end().completed() && !f.gone()) {
                    stuck.append(stuck.length() == 0 ? "" : ", ").append("user ").append(f.user()).append(" waits for ").append(f.waitsFor());
                }
            }
            if (stuck.length() > 0) {
                return failed(new RunFailedException("at " + now + " virtual seconds nothing is left that could happen, but " + stuck, null));
            }
        }
        List<RunResult.End> all = new ArrayList<>();
        for (Finished f : ends) {
            all.add(f.end());
        }
        result.complete(RunResult.of(endedBy, endedBy == RunResult.EndedBy.TIME ? Ticks.seconds(world.until()) : now, all));
        return Behaviors.stopped();
    }

    /** Says so when nothing has gone on for a while: computations may be slow, but whoever waits should know for whom. */
    private Behavior<Command> watch() {
        List<Integer> awaited = answers == answersWatched && endedBy == null ? awaited(5) : List.of();
        if (!awaited.isEmpty()) {
            getContext().getLog().warn("nothing has gone on for {} s; at {} virtual seconds the run waits for what users {} compute", patience.toSeconds(),
                    Ticks.seconds(reached()), awaited);
        }
        answersWatched = answers;
        return this;
    }

    private Behavior<Command> failed(RunFailedException reason) {
        result.completeExceptionally(reason);
        return Behaviors.stopped();
    }
}
