package coterie.actors.life;

import coterie.model.learn.Learner;
import coterie.topology.time.Ticks;
import coterie.topology.world.FlowNetwork;
import java.util.ArrayList;
import java.util.List;

/**
 * The oracle: the same users in one loop on one thread, always what comes first, without actors, windows or look-ahead.
 */
public final class PlainLoop {
    private PlainLoop() {}

    /** Lives when everything has happened. */
    public static List<UserLife> run(World world, List<Learner> learners) {
        List<UserLife> lives = new ArrayList<>();
        FlowNetwork<Message> network = world.lines() == null ? null : new FlowNetwork<>(world.lines(), world.users());
        for (int u = 0; u < world.users(); u++) {
            lives.add(new UserLife(u, world, learners.get(u)));
            lives.get(u).begin();
        }
        while (true) {
            UserLife first = lives.get(0);
            for (UserLife l : lives) {
                first = l.next() < first.next() ? l : first;
            }
            if (network != null && network.next() < first.next()) {
                network.advance(network.next() + 1, (m, tick) -> {
                    if (m.letter().kind() != Letter.Kind.LOST) {
                        lives.get(m.to()).receive(List.of(m.through(tick)));
                    }
                });
                continue;
            }
            boolean over =
                    lives.stream().allMatch(UserLife::idle) && (network == null || network.next() == Ticks.NEVER);
            if (over || first.next() >= world.until()) {
                return lives;
            }
            if (!first.advance(first.next() + 1)) {
                first.computation().join();
                continue;
            }
            for (Message m : first.progress().sent()) {
                if (network != null && m.letter().bytes() > 0) {
                    network.send(m.letter().sent(), m.from(), m.to(), m.letter().bytes(), m);
                } else {
                    lives.get(m.to()).receive(List.of(m));
                }
            }
        }
    }
}
