package coterie.actors.clock;

import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** The users of a run, as their clock sees them: here, or on other nodes. */
public interface UserRouter {
    /** Connects a clock to its users. */
    interface Factory {
        /**
         * Connects them.
         *
         * @param context of the clock
         * @param reports where users report
         * @param time the tick that it is, where time is real; null where it is virtual
         */
        UserRouter create(ActorContext<?> context, ActorRef<Report> reports, LongSupplier time);
    }

    void tell(int user, UserActor.Command command);

    /**
     * Whether messages between users come through the clock with the snapshots in them; elsewhere those go straight
     * from node to node.
     */
    default boolean carriesSnapshots() {
        return true;
    }

    /** All that was told may go to where users are: nothing more is told before somebody reports. */
    default void sendOff() {
        // Who is here has it already.
    }
}
