package coterie.actors.cluster;

import coterie.actors.checkpoint.RunCodec;
import coterie.actors.clock.Report;
import coterie.actors.clock.UserActor;
import coterie.actors.user.UserProcess;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** What a node holds of the run in which it takes part: sharding makes users of it. Thread-safe. */
final class HostedUsers {
    /**
     * A run on this node.
     *
     * @param users that it hosts, ascending
     * @param codec of users' states
     * @param reports receives what users report
     * @param now the current tick under the wall clock; null in virtual time
     */
    record Run(
            long session,
            int[] users,
            RunFactory.RunResources resources,
            RunCodec codec,
            ActorRef<Report> reports,
            LongSupplier now) {}

    private final ActorRef<NodeActor.Command> node;
    private volatile Run run;

    HostedUsers(ActorRef<NodeActor.Command> node) {
        this.node = node;
    }

    /** From now on users of this run can be made here; null for none. */
    void host(Run next) {
        run = next;
    }

    /**
     * The entity factory. A user that this node does not host, or not any more, stops at once; its message is repeated
     * until sharding has found the right node.
     */
    Behavior<UserActor.Command> create(String id) {
        return Behaviors.setup(context -> {
            UserEntity entity = UserEntity.of(id);
            Run here = run;
            if (here == null
                    || here.session != entity.session()
                    || Arrays.binarySearch(here.users, entity.user()) < 0) {
                return Behaviors.stopped();
            }
            UserProcess process;
            try {
                process =
                        new UserProcess(entity.user(), here.resources.config(), here.resources.learner(entity.user()));
            } catch (RuntimeException | Error e) {
                // No room on its device, or missing files. The run waits for this user and must be told.
                node.tell(new NodeActor.Failed(entity, e));
                return Behaviors.stopped();
            }
            node.tell(new NodeActor.Awake(entity, context.getSelf()));
            return UserActor.create(entity.user(), process, here.codec, here.reports, here.now);
        });
    }
}
