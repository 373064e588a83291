package coterie.actors.clock;

import coterie.actors.life.Message;
import coterie.actors.life.Observation;
import coterie.actors.life.Ticks;
import coterie.actors.life.UserLife;
import coterie.actors.life.UserLife.Dated;
import coterie.actors.life.World;
import coterie.model.learn.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The virtual clock of a run. Opens a window, lets everybody who has something to do in it go on, and when all have answered opens the next; what
 * they send each other goes through its {@link Calendar}. It also decides when the run is over, and why.
 */
final class ClockActor extends AbstractBehavior<ClockActor.Command> {
    sealed interface Command {
    }

    /** A user has done all that the window allows. */
    record Progressed(int user, long next, boolean training, long earliestSending, long reportedUntil, List<Message> sent, List<Dated> observed)
            implements Command {
    }

    /** How a user ended. */
    record Finished(int user, boolean completed, int turns, float[] parameters, long events, long trace) implements Command {
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

    private final Calendar calendar;
    private final List<ActorRef<UserActor.Command>> users = new ArrayList<>();
    private final ActorRef<RecorderActor.Command> recorder;
    private final CompletableFuture<RunResult> result;
    private final RunResult.End[] ends;
    private int pending;
    private double now;
    private boolean stopping;

    private ClockActor(ActorContext<Command> context, World world, List<Learner> learners, RunObserver observer, CompletableFuture<RunResult> result) {
        super(context);
        this.result = result;
        calendar = new Calendar(world.users(), world.lookAhead());
        ends = new RunResult.End[world.users()];
        recorder = context.spawn(RecorderActor.create(observer, context.getSelf()), "recorder", DispatcherSelector.fromConfig("coterie.recorder-dispatcher"));
        pending = world.users();
        for (int u = 0; u < world.users(); u++) {
            ActorRef<UserActor.Command> user = context.spawn(UserActor.create(u, new UserLife(u, world, learners.get(u)), context.getSelf()), "user-" + u);
            users.add(user);
            user.tell(new UserActor.Begin());
        }
    }

    static Behavior<Command> create(World world, List<Learner> learners, RunObserver observer, CompletableFuture<RunResult> result) {
        return Behaviors.setup(context -> new ClockActor(context, world, learners, observer, result));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Progressed.class, this::progressed)
                .onMessage(Finished.class, this::finished)
                .onMessage(Flushed.class, f -> flushed())
                .onMessage(Stop.class, s -> stop())
                .onMessage(UserFailed.class, f -> failed(new RunFailedException("user " + f.user() + " failed: " + f.reason().getMessage(), f.reason())))
                .onMessage(ObserverFailed.class, f -> failed(new RunFailedException("recording failed: " + f.reason().getMessage(), f.reason())))
                .build();
    }

    private Behavior<Command> progressed(Progressed p) {
        if (stopping) {
            return this;
        }
        calendar.progressed(p.user(), p.next(), p.training(), p.earliestSending(), p.reportedUntil(), p.sent(), p.observed());
        if (--pending == 0) {
            record(false);
            open();
        }
        return this;
    }

    private void open() {
        List<Calendar.Call> calls = calendar.open();
        pending = calls.size();
        for (Calendar.Call c : calls) {
            users.get(c.user()).tell(new UserActor.Window(calendar.end(), c.messages()));
        }
        if (calls.isEmpty()) {
            finish();
        }
    }

    private void record(boolean all) {
        List<Observation> batch = new ArrayList<>();
        if (all) {
            calendar.releaseAll(d -> keep(d, batch));
        } else {
            calendar.release(d -> keep(d, batch));
        }
        if (!batch.isEmpty()) {
            recorder.tell(new RecorderActor.Record(batch));
        }
    }

    private void keep(Dated d, List<Observation> batch) {
        now = Math.max(now, Ticks.seconds(d.tick()));
        batch.add(d.observation());
    }

    private void finish() {
        record(true);
        pending = users.size();
        users.forEach(u -> u.tell(new UserActor.Finish()));
    }

    private Behavior<Command> stop() {
        if (!stopping) {
            stopping = true;
            finish();
        }
        return this;
    }

    private Behavior<Command> finished(Finished f) {
        ends[f.user()] = new RunResult.End(f.completed(), f.turns(), f.parameters(), f.events(), f.trace());
        if (--pending == 0) {
            recorder.tell(new RecorderActor.Flush(getContext().getSelf()));
        }
        return this;
    }

    private Behavior<Command> flushed() {
        List<RunResult.End> all = List.of(ends);
        if (!stopping && !all.stream().allMatch(RunResult.End::completed)) {
            List<Integer> left = new ArrayList<>();
            for (int u = 0; u < ends.length; u++) {
                if (!ends[u].completed()) {
                    left.add(u);
                }
            }
            return failed(new RunFailedException("at " + now + " virtual seconds nothing is left that could happen, but users " + left
                    + " still wait for others", null));
        }
        result.complete(RunResult.of(!stopping, now, all));
        return Behaviors.stopped();
    }

    private Behavior<Command> failed(RunFailedException reason) {
        result.completeExceptionally(reason);
        return Behaviors.stopped();
    }
}
