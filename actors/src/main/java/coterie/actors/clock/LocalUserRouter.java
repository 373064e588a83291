package coterie.actors.clock;

import coterie.actors.checkpoint.RunCodec;
import coterie.actors.user.SimulationConfig;
import coterie.actors.user.UserProcess;
import coterie.model.learn.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Users as children of their clock's actor. */
final class LocalUserRouter implements UserRouter {
    private final List<ActorRef<UserActor.Command>> users = new ArrayList<>();

    private LocalUserRouter(
            SimulationConfig config,
            List<Learner> learners,
            ActorContext<?> context,
            ActorRef<Report> reports,
            LongSupplier time) {
        RunCodec codec = RunCodec.of(config);
        for (int u = 0; u < config.users(); u++) {
            users.add(context.spawn(
                    UserActor.create(u, new UserProcess(u, config, learners.get(u)), codec, reports, time),
                    "user-" + u));
        }
    }

    static Factory of(SimulationConfig config, List<Learner> learners) {
        return (context, reports, time) -> new LocalUserRouter(config, learners, context, reports, time);
    }

    @Override
    public void tell(int user, UserActor.Command command) {
        users.get(user).tell(command);
    }
}
