package coterie.actors.life;

import coterie.model.learn.Learner;
import java.util.ArrayList;
import java.util.List;

/** The oracle: the same users in one loop on one thread, always the one whose next event is the earliest, without actors, windows or look-ahead. */
public final class PlainLoop {
    private PlainLoop() {
    }

    /** Lives when everything has happened. */
    public static List<UserLife> run(World world, List<Learner> learners) {
        List<UserLife> lives = new ArrayList<>();
        for (int u = 0; u < world.users(); u++) {
            lives.add(new UserLife(u, world, learners.get(u)));
            lives.get(u).begin();
        }
        while (true) {
            UserLife first = lives.get(0);
            for (UserLife l : lives) {
                first = l.next() < first.next() ? l : first;
            }
            if (first.next() == Ticks.NEVER) {
                return lives;
            }
            if (!first.advance(first.next() + 1)) {
                first.computation().join();
                continue;
            }
            for (Message m : first.progress().sent()) {
                lives.get(m.to()).receive(List.of(m));
            }
        }
    }
}
