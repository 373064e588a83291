package coterie.actors.clock;

import coterie.actors.life.UserLife;
import coterie.actors.life.World;
import coterie.model.learn.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Users beside their clock, as its children. */
final class LocalCrew implements Crew {
    private final List<ActorRef<UserActor.Command>> users = new ArrayList<>();

    private LocalCrew(
            World world, List<Learner> learners, ActorContext<?> context, ActorRef<Report> reports, LongSupplier time) {
        for (int u = 0; u < world.users(); u++) {
            users.add(context.spawn(
                    UserActor.create(u, new UserLife(u, world, learners.get(u)), reports, time), "user-" + u));
        }
    }

    static Hiring of(World world, List<Learner> learners) {
        return (context, reports, time) -> new LocalCrew(world, learners, context, reports, time);
    }

    @Override
    public void tell(int user, UserActor.Command command) {
        users.get(user).tell(command);
    }
}
