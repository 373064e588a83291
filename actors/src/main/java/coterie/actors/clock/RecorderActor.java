package coterie.actors.clock;

import coterie.actors.life.Observation;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Calls the observers, on a thread that may block. */
final class RecorderActor {
    sealed interface Command {
    }

    record Record(List<Observation> observations) implements Command {
    }

    /** Everything before this has been recorded when the clock is told so. */
    record Flush(ActorRef<RunActor.Command> clock) implements Command {
    }

    /** A state of the run is to be saved. */
    record Save(RunState state) implements Command {
    }

    private RecorderActor() {
    }

    static Behavior<Command> create(RunObserver observer, Checkpoints checkpoints, ActorRef<RunActor.Command> clock) {
        return Behaviors.setup(context -> Behaviors.receive(Command.class)
                .onMessage(Record.class, r -> {
                    try {
                        r.observations().forEach(observer::observed);
                        return Behaviors.same();
                    } catch (RuntimeException | Error e) {
                        clock.tell(new RunActor.ObserverFailed(e));
                        return Behaviors.ignore();
                    }
                })
                .onMessage(Flush.class, f -> {
                    f.clock().tell(new RunActor.Flushed());
                    return Behaviors.same();
                })
                .onMessage(Save.class, s -> {
                    try {
                        checkpoints.take(s.state());
                    } catch (RuntimeException e) {
                        context.getLog().warn("the run goes on, but could not be saved: {}", e.getMessage());
                    }
                    return Behaviors.same();
                })
                .build());
    }
}
