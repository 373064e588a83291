package coterie.actors.clock;

import coterie.actors.user.Message;
import coterie.actors.user.UserProcess;
import coterie.actors.user.UserState;
import coterie.model.exchange.Snapshot;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * A user. Decides when: goes on when the clock lets it, and lets its thread go while its device computes. What happens
 * then is {@link UserProcess}'s.
 */
public final class UserActor extends AbstractBehavior<UserActor.Command> {
    /** What a user is told. */
    public sealed interface Command {}

    /** The first turn begins. */
    public record Begin() implements Command {
        public static final Begin INSTANCE = new Begin();
    }

    /** Everything before {@code end} may be processed; these messages have come. */
    public record Window(long end, List<Message> messages) implements Command {}

    /** The computation that was waited for is ready. */
    private record Computed() implements Command {
        private static final Computed INSTANCE = new Computed();
    }

    /** Life goes on from where it was saved. */
    public record Resume(SavedRun from) implements Command {}

    /**
     * The run is to be saved: say all that you know, when your device has done what it is doing.
     *
     * @param checkpoint how many there were before
     */
    public record Freeze(long checkpoint) implements Command {}

    /** Report now, even in the middle of a window. A user that has reported already ignores it. */
    public record Yield() implements Command {}

    /** The run is over: say how it ends for you. */
    public record Finish() implements Command {}

    private interface Action {
        void run() throws IOException;
    }

    /**
     * Events after which it reports, be that in the middle of a window: what it has sent and observed must not pile up,
     * and it may have been told something.
     */
    private static final int SLICE = 4096;

    private final int me;
    private final UserProcess life;
    private final ActorRef<Report> clock;
    /** The tick that it is, where time is real; null where it is virtual. */
    private final LongSupplier now;

    private long end;
    /** Whether it still has to answer for a window. */
    private boolean busy;

    private UserActor(
            ActorContext<Command> context, int me, UserProcess life, ActorRef<Report> clock, LongSupplier now) {
        super(context);
        this.me = me;
        this.life = life;
        this.clock = clock;
        this.now = now;
        if (now != null) {
            life.tellAtEnds();
        }
    }

    /**
     * A user's actor.
     *
     * @param clock where it reports
     * @param now the tick that it is, where time is real; null where it is virtual
     */
    public static Behavior<Command> create(int me, UserProcess life, ActorRef<Report> clock, LongSupplier now) {
        return Behaviors.setup(context -> new UserActor(context, me, life, clock, now));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(
                        Window.class,
                        m -> guarded(() -> {
                            end = m.end();
                            busy = true;
                            life.receive(now == null ? m.messages() : handedOver(m.messages()));
                            goOn();
                        }))
                .onMessage(
                        Computed.class,
                        m -> guarded(() -> {
                            if (busy && now != null) {
                                // It took longer than was modelled, and that is what counts.
                                life.postpone(now.getAsLong());
                                end = Math.max(end, now.getAsLong() + 1);
                            }
                            goOn();
                        }))
                .onMessage(
                        Yield.class,
                        m -> guarded(() -> {
                            if (busy) {
                                report();
                            }
                        }))
                .onMessage(
                        Begin.class,
                        m -> guarded(() -> {
                            life.begin();
                            report();
                        }))
                .onMessage(
                        Resume.class,
                        m -> guarded(() -> {
                            life.resume(
                                    (UserState) RunCodec.STANDARD.read(m.from().life(me), m.from()::snapshot));
                            report();
                        }))
                .onMessage(Freeze.class, m -> guarded(() -> freeze(m)))
                .onMessage(Finish.class, m -> {
                    clock.tell(new Report.Finished(me, RunResult.End.of(life), life.gone(), life.waitsFor()));
                    return Behaviors.stopped();
                })
                .build();
    }

    /**
     * Messages as they arrive where time is real: now. While its device computed for longer than was modelled they had
     * to wait, and what the user has done since is not undone. What was to be done when they came waits for them.
     */
    private List<Message> handedOver(List<Message> messages) {
        if (messages.isEmpty()) {
            return messages;
        }
        long next = life.next();
        long earliest = messages.stream().mapToLong(Message::arrival).min().orElseThrow();
        long latest = messages.stream().mapToLong(Message::arrival).max().orElseThrow();
        long at = Math.max(latest, now.getAsLong());
        end = Math.max(end, at + 1);
        if (earliest <= next) {
            life.postpone(at);
        }
        return messages.stream()
                .map(m -> new Message(m.payload(), m.to(), m.number(), at))
                .toList();
    }

    private void goOn() {
        if (!busy) {
            // It has yielded meanwhile.
            return;
        }
        switch (life.advance(end, SLICE)) {
            case COMPUTES -> getContext().pipeToSelf(life.awaited(), (known, failure) -> Computed.INSTANCE);
            // Where it has paused in the middle of a window it is called again.
            default -> report();
        }
    }

    private void freeze(Freeze again) {
        if (life.settled()) {
            Map<Snapshot.Key, Snapshot> refersTo = new LinkedHashMap<>();
            byte[] bytes = RunCodec.STANDARD.write(life.state(), s -> refersTo.putIfAbsent(s.key(), s));
            clock.tell(new Report.Frozen(me, bytes, List.copyOf(refersTo.keySet()), List.copyOf(refersTo.values())));
        } else {
            getContext().pipeToSelf(life.computation(), (outcome, failure) -> again);
        }
    }

    private void report() {
        busy = false;
        UserProcess.Progress p = life.progress();
        clock.tell(new Report.Progressed(
                me,
                life.next(),
                life.quiet(),
                life.earliestSending(),
                life.reportedUntil(),
                life.telling(),
                life.idle(),
                life.serverFault(),
                p.sent(),
                p.observed()));
    }

    /** An exception would stop the actor and tell nobody: the clock must know, since it waits for an answer. */
    private Behavior<Command> guarded(Action action) {
        try {
            action.run();
            return this;
        } catch (IOException | RuntimeException | Error e) {
            clock.tell(new Report.Failed(me, e));
            return Behaviors.stopped();
        }
    }
}
