package coterie.actors.clock;

import coterie.actors.life.LifeState;
import coterie.actors.life.Message;
import coterie.actors.life.UserLife;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * A user. Decides when: goes on when the clock lets it, and lets its thread go while its device computes. What happens then is {@link UserLife}'s.
 */
public final class UserActor extends AbstractBehavior<UserActor.Command> {
    /** What a user is told. */
    public sealed interface Command {
    }

    /** The first turn begins. */
    record Begin() implements Command {
        static final Begin INSTANCE = new Begin();
    }

    /** Everything before {@code end} may be processed; these messages have come. */
    record Window(long end, List<Message> messages) implements Command {
    }

    /** The computation that was waited for is ready. */
    private record Computed() implements Command {
        private static final Computed INSTANCE = new Computed();
    }

    /** Life goes on from a saved state. */
    record Resume(LifeState state) implements Command {
    }

    /** The run is to be saved: say all that you know, when your device has done what it is doing. */
    record Freeze() implements Command {
        static final Freeze INSTANCE = new Freeze();
    }

    /** The run is over: say how it ends for you. */
    record Finish() implements Command {
    }

    private final int me;
    private final UserLife life;
    private final ActorRef<RunActor.Command> clock;
    /** The tick that it is, where time is real; null where it is virtual. */
    private final LongSupplier now;
    private long end;

    private UserActor(ActorContext<Command> context, int me, UserLife life, ActorRef<RunActor.Command> clock, LongSupplier now) {
        super(context);
        this.me = me;
        this.life = life;
        this.clock = clock;
        this.now = now;
    }

    static Behavior<Command> create(int me, UserLife life, ActorRef<RunActor.Command> clock, LongSupplier now) {
        return Behaviors.setup(context -> new UserActor(context, me, life, clock, now));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Window.class, m -> guarded(() -> {
                    end = m.end();
                    life.receive(m.messages());
                    goOn();
                }))
                .onMessage(Computed.class, m -> guarded(() -> {
                    if (now != null) {
                        // It took longer than was modelled, and that is what counts.
                        life.postpone(now.getAsLong());
                        end = Math.max(end, now.getAsLong() + 1);
                    }
                    goOn();
                }))
                .onMessage(Begin.class, m -> guarded(() -> {
                    life.begin();
                    report();
                }))
                .onMessage(Resume.class, m -> guarded(() -> {
                    life.resume(m.state());
                    report();
                }))
                .onMessage(Freeze.class, m -> guarded(this::freeze))
                .onMessage(Finish.class, m -> {
                    clock.tell(new RunActor.Finished(me, RunResult.End.of(life), life.gone(), life.waitsFor()));
                    return Behaviors.stopped();
                })
                .build();
    }

    private void goOn() {
        if (life.advance(end)) {
            report();
        } else {
            getContext().pipeToSelf(life.computation(), (outcome, failure) -> Computed.INSTANCE);
        }
    }

    private void freeze() {
        if (life.settled()) {
            clock.tell(new VirtualClock.Frozen(me, life.state()));
        } else {
            getContext().pipeToSelf(life.computation(), (outcome, failure) -> Freeze.INSTANCE);
        }
    }

    private void report() {
        UserLife.Progress p = life.progress();
        clock.tell(new RunActor.Progressed(me, life.next(), life.quiet(), life.earliestSending(), life.reportedUntil(), p.sent(), p.observed()));
    }

    /** An exception would stop the actor and tell nobody: the clock must know, since it waits for an answer. */
    private Behavior<Command> guarded(Runnable action) {
        try {
            action.run();
            return this;
        } catch (RuntimeException | Error e) {
            clock.tell(new RunActor.UserFailed(me, e));
            return Behaviors.stopped();
        }
    }
}
