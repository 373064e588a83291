package coterie.actors.clock;

import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.checkpoint.RunCodec;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.message.Message;
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
 * A user's actor. Decides when its {@link UserProcess} advances: as far as the clock permits, and without blocking a
 * thread while its device computes.
 */
public final class UserActor extends AbstractBehavior<UserActor.Command> {
    /** What a user is told by its clock. */
    public sealed interface Command {}

    /** Begins the first turn. */
    public record Begin() implements Command {
        public static final Begin INSTANCE = new Begin();
    }

    /** Makes sharding start the user's entity; asks for nothing more. */
    public record Wake() implements Command {
        public static final Wake INSTANCE = new Wake();
    }

    /** The user is not wanted here any longer: its run is over, or goes on from a checkpoint. */
    public record Stop() implements Command {
        public static final Stop INSTANCE = new Stop();
    }

    /** Lets the user process everything before {@code end}, with these messages. */
    public record Window(long end, List<Message> messages) implements Command {}

    /** The computation that the user waits for is ready. */
    private record Computed() implements Command {
        private static final Computed INSTANCE = new Computed();
    }

    /** Continues from a saved run. */
    public record Resume(RunCheckpoint from) implements Command {}

    /**
     * Asks for the user's part of a checkpoint, when its device has finished computing.
     *
     * @param checkpoint number of earlier ones
     */
    public record TakeCheckpoint(long checkpoint) implements Command {}

    /** Asks for a report at once, even in the middle of a window. Ignored by a user that has reported already. */
    public record Yield() implements Command {}

    /** Ends the run: asks for a last report. */
    public record Finish() implements Command {}

    private interface Action {
        void run() throws IOException;
    }

    /**
     * Number of events after which the user reports, even in the middle of a window, so that messages and observations
     * do not pile up and the clock can answer.
     */
    private static final int SLICE = 4096;

    private final int me;
    private final UserProcess process;
    private final RunCodec codec;
    private final ActorRef<Report> clock;
    /** The current tick if time is real; null if it is virtual. */
    private final LongSupplier now;

    private long end;
    /** Whether the current window is not answered yet. */
    private boolean busy;

    private UserActor(
            ActorContext<Command> context,
            int me,
            UserProcess process,
            RunCodec codec,
            ActorRef<Report> clock,
            LongSupplier now) {
        super(context);
        this.me = me;
        this.process = process;
        this.codec = codec;
        this.clock = clock;
        this.now = now;
        if (now != null) {
            process.reportAtEndsOnly();
        }
    }

    /**
     * Creates a user's actor.
     *
     * @param codec of user states under the run's protocol
     * @param clock receives its reports
     * @param now the current tick if time is real; null if it is virtual
     */
    public static Behavior<Command> create(
            int me, UserProcess process, RunCodec codec, ActorRef<Report> clock, LongSupplier now) {
        return Behaviors.setup(context -> new UserActor(context, me, process, codec, clock, now));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(
                        Window.class,
                        m -> guarded(() -> {
                            end = m.end();
                            busy = true;
                            process.receive(now == null ? m.messages() : handedOver(m.messages()));
                            goOn();
                        }))
                .onMessage(
                        Computed.class,
                        m -> guarded(() -> {
                            if (busy && now != null) {
                                // The computation took longer than modelled: the turn ends now.
                                process.postpone(now.getAsLong());
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
                            process.begin();
                            report();
                        }))
                .onMessage(
                        Resume.class,
                        m -> guarded(() -> {
                            process.resume((UserState) codec.read(m.from().user(me), m.from()::snapshot));
                            report();
                        }))
                .onMessage(TakeCheckpoint.class, m -> guarded(() -> takeCheckpoint(m)))
                .onMessage(Wake.class, m -> this)
                .onMessage(Stop.class, m -> Behaviors.stopped())
                .onMessage(Finish.class, m -> {
                    clock.tell(new Report.Finished(me, RunResult.End.of(process), process.gone(), process.waitsFor()));
                    return Behaviors.stopped();
                })
                .build();
    }

    /**
     * Where time is real, messages arrive now. They waited while the device computed for longer than modelled, and what
     * the user has done since is not undone. Events that were due when they were sent wait for them.
     */
    private List<Message> handedOver(List<Message> messages) {
        if (messages.isEmpty()) {
            return messages;
        }
        long next = process.next();
        long earliest = messages.stream().mapToLong(Message::arrival).min().orElseThrow();
        long latest = messages.stream().mapToLong(Message::arrival).max().orElseThrow();
        long at = Math.max(latest, now.getAsLong());
        end = Math.max(end, at + 1);
        if (earliest <= next) {
            process.postpone(at);
        }
        return messages.stream()
                .map(m -> new Message(m.payload(), m.to(), m.number(), at))
                .toList();
    }

    private void goOn() {
        if (!busy) {
            // It has reported since.
            return;
        }
        switch (process.advance(end, SLICE)) {
            case COMPUTING -> getContext().pipeToSelf(process.awaited(), (known, failure) -> Computed.INSTANCE);
            // If it has paused in the middle of a window, it is called again.
            default -> report();
        }
    }

    private void takeCheckpoint(TakeCheckpoint again) {
        if (process.settled()) {
            Map<Snapshot.Key, Snapshot> refersTo = new LinkedHashMap<>();
            byte[] bytes = codec.write(process.state(), s -> refersTo.putIfAbsent(s.key(), s));
            clock.tell(new Report.Checkpointed(
                    new UserCheckpoint(me, bytes, List.copyOf(refersTo.keySet()), List.copyOf(refersTo.values()))));
        } else {
            getContext().pipeToSelf(process.computation(), (outcome, failure) -> again);
        }
    }

    private void report() {
        busy = false;
        clock.tell(new Report.Progressed(me, process.outlook(), process.takeSent(), process.takeObserved()));
    }

    /** Reports an exception to the clock, which would otherwise wait for an answer for ever. */
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
