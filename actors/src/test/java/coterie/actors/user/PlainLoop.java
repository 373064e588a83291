package coterie.actors.user;

import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.model.learn.Learner;
import coterie.topology.network.MaxMinFairNetwork;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;

/**
 * The oracle: the same users in one loop on one thread, which always processes the earliest event; without actors,
 * windows or look-ahead.
 */
public final class PlainLoop {
    private PlainLoop() {}

    /** The users after all events. */
    public static List<UserProcess> run(SimulationConfig config, List<Learner> learners) {
        List<UserProcess> lives = new ArrayList<>();
        MaxMinFairNetwork<Message> network =
                config.lines() == null ? null : new MaxMinFairNetwork<>(config.lines(), config.users());
        for (int u = 0; u < config.users(); u++) {
            lives.add(new UserProcess(u, config, learners.get(u)));
            lives.get(u).begin();
        }
        while (true) {
            UserProcess first = lives.get(0);
            for (UserProcess l : lives) {
                first = l.next() < first.next() ? l : first;
            }
            if (network != null && network.next() < first.next()) {
                network.advance(network.next() + 1, (m, tick) -> {
                    if (m.payload().kind() != Payload.Kind.LOST) {
                        lives.get(m.to()).receive(List.of(m.through(tick)));
                    }
                });
                continue;
            }
            boolean over =
                    lives.stream().allMatch(UserProcess::idle) && (network == null || network.next() == Ticks.NEVER);
            if (over || first.next() >= config.until()) {
                return lives;
            }
            if (!first.advance(first.next() + 1)) {
                first.computation().join();
                continue;
            }
            first.takeObserved();
            for (Message m : first.takeSent()) {
                if (config.network().transfers(m)) {
                    network.send(
                            m.payload().sent(), m.from(), m.to(), m.payload().bytes(), m);
                } else {
                    lives.get(m.to()).receive(List.of(m));
                }
            }
        }
    }
}
