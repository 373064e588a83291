package coterie.actors.clock;

import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** A clock's connection to the users of its run, here or on other nodes. */
public interface UserRouter {
    /** Connects a clock to its users. */
    interface Factory {
        /**
         * Connects them.
         *
         * @param context of the clock
         * @param reports receives users' reports
         * @param time the current tick if time is real; null if it is virtual
         */
        UserRouter create(ActorContext<?> context, ActorRef<Report> reports, LongSupplier time);
    }

    void tell(int user, UserActor.Command command);

    /**
     * Whether messages between users pass through the clock with their snapshots; otherwise snapshots go directly from
     * node to node.
     */
    default boolean carriesSnapshots() {
        return true;
    }

    /** Sends all commands: no more follow before a user reports. */
    default void sendOff() {
        // Local users have received them.
    }
}
