package coterie.actors.clock;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.actors.event.Observation;
import java.io.IOException;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Calls the observers, on a thread that may block. */
final class RecorderActor extends AbstractBehavior<RecorderActor.Command> {
    sealed interface Command {}

    record Record(List<Observation> observations) implements Command {}

    /** Everything before this has been recorded when the clock is told so. */
    record Flush(ActorRef<ClockCommand> clock) implements Command {}

    /** The run is to be saved. The clock is told how that has gone: {@link ClockCommand.CheckpointWritten}. */
    record Begin(long checkpoint) implements Command {}

    /** A user of the run that is being saved. */
    record User(UserCheckpoint user, ActorRef<ClockCommand> clock) implements Command {}

    /** All users have been saved. */
    record End(ClockState state) implements Command {}

    /** What is being saved is not to be finished. */
    record Abandon() implements Command {}

    private final RunObserver observer;
    private final Checkpoints checkpoints;
    private final ActorRef<ClockCommand> clock;
    /** Null where none is being written. */
    private Checkpoints.Writing writing;

    private long checkpoint;
    private boolean failed;

    private RecorderActor(
            ActorContext<Command> context,
            RunObserver observer,
            Checkpoints checkpoints,
            ActorRef<ClockCommand> clock) {
        super(context);
        this.observer = observer;
        this.checkpoints = checkpoints;
        this.clock = clock;
    }

    static Behavior<Command> create(RunObserver observer, Checkpoints checkpoints, ActorRef<ClockCommand> clock) {
        return Behaviors.setup(context -> new RecorderActor(context, observer, checkpoints, clock));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Record.class, this::record)
                .onMessage(Flush.class, f -> {
                    if (!failed) {
                        f.clock().tell(new ClockCommand.Flushed());
                    }
                    return this;
                })
                .onMessage(Begin.class, b -> {
                    checkpoint = b.checkpoint();
                    return saving(() -> {
                        writing = checkpoints.begin();
                    });
                })
                .onMessage(User.class, u -> {
                    if (writing != null) {
                        saving(() -> writing.user(u.user()));
                    }
                    u.clock().tell(new ClockCommand.Written());
                    return this;
                })
                .onMessage(End.class, e -> {
                    if (writing != null) {
                        saving(() -> {
                            writing.finish(e.state());
                            clock.tell(new ClockCommand.CheckpointWritten(checkpoint, null));
                        });
                        letGo();
                    }
                    return this;
                })
                .onMessage(Abandon.class, a -> {
                    letGo();
                    return this;
                })
                .onSignal(PostStop.class, s -> {
                    letGo();
                    return this;
                })
                .build();
    }

    private Behavior<Command> record(Record r) {
        if (!failed) {
            try {
                r.observations().forEach(observer::observed);
            } catch (RuntimeException | Error e) {
                failed = true;
                clock.tell(new ClockCommand.ObserverFailed(e));
            }
        }
        return this;
    }

    private interface Saving {
        void run() throws IOException;
    }

    private Behavior<Command> saving(Saving piece) {
        if (failed) {
            // A run must not continue after observations that were not recorded.
            return this;
        }
        try {
            piece.run();
        } catch (IOException | RuntimeException | Error e) {
            clock.tell(new ClockCommand.CheckpointWritten(checkpoint, e));
            letGo();
        }
        return this;
    }

    private void letGo() {
        if (writing != null) {
            writing.close();
            writing = null;
        }
    }
}
