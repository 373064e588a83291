package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.message.Payload.Kind;
import coterie.actors.schedule.Mode;
import coterie.actors.user.SimulationConfig;
import coterie.model.exchange.Exchange;
import coterie.topology.graph.Topology;
import coterie.topology.time.Ticks;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Checks that each update is mixed once where users exchange updates: no update is mixed twice, and none that has
 * arrived and may be mixed is left out. A crash undoes what a user has mixed since its last save; it may be mixed
 * again.
 */
final class UpdatesOnce {
    private static final double NANOSECONDS = 3e-9;

    /** What is known of one user. Keys are a sender and one of its turns. */
    private static final class User {
        /** By update: the turn after which it was mixed. */
        private final Map<Long, Integer> mixed = new HashMap<>();
        /** By update: when it first arrived since received messages were lost. */
        private final Map<Long, Double> come = new HashMap<>();
        /** Those of them that were not mixed yet. */
        private final Map<Long, Double> waiting = new HashMap<>();
    }

    private final SimulationConfig config;
    private final boolean exact;
    private final boolean concerned;
    private final Map<Integer, User> users = new HashMap<>();
    private boolean messagesSeen;

    /** @param exact whether recorded instants are exact, as under the virtual clock */
    UpdatesOnce(SimulationConfig config, boolean exact) {
        this.config = config;
        this.exact = exact;
        concerned = config.protocol().trusts() && config.protocol().exchange() == Exchange.UPDATES;
    }

    /**
     * Checks the next observation.
     *
     * @param faults receives contradictions, in words
     */
    void observed(Observation o, Consumer<String> faults) {
        if (!concerned) {
            return;
        }
        User u = users.computeIfAbsent(o.user(), k -> new User());
        if (o instanceof Observation.Received r) {
            received(u, r);
        } else if (o instanceof Observation.Mixed m) {
            mixed(u, m, faults);
        } else if (o instanceof Observation.Crashed c) {
            crashed(u, c);
        }
    }

    private void received(User u, Observation.Received r) {
        messagesSeen = true;
        if (r.taken() && (r.kind() == Kind.SNAPSHOT || r.kind() == Kind.REPLY)) {
            long key = key(r.from(), r.turn());
            u.come.putIfAbsent(key, r.seconds());
            if (!u.mixed.containsKey(key)) {
                u.waiting.putIfAbsent(key, r.seconds());
            }
        }
    }

    private void mixed(User u, Observation.Mixed m, Consumer<String> faults) {
        int[] senders = m.row().users();
        for (int k = 0; k < senders.length; k++) {
            int[] turns = m.updates().isEmpty()
                    ? new int[] {m.versions()[k]}
                    : m.updates().get(k);
            if (turns.length == 0 || turns[turns.length - 1] != m.versions()[k]) {
                faults.accept("the newest update of user " + senders[k] + " is of turn " + m.versions()[k]
                        + ", mixed were " + Arrays.toString(turns));
            }
            if (senders[k] == m.user()) {
                if (turns.length != 1 || turns[0] != m.turn()) {
                    faults.accept("its own update is of turn " + m.turn() + ", mixed were " + Arrays.toString(turns));
                }
                continue;
            }
            for (int i = 0; i < turns.length; i++) {
                if (i > 0 && turns[i] <= turns[i - 1]) {
                    faults.accept("updates of user " + senders[k] + " are not in order: " + Arrays.toString(turns));
                }
                update(u, m, senders[k], turns[i], faults);
            }
        }
        if (exact && messagesSeen && !m.updates().isEmpty()) {
            nothingIsLeft(u, m, faults);
        }
    }

    private void update(User u, Observation.Mixed m, int from, int turn, Consumer<String> faults) {
        Integer before = u.mixed.putIfAbsent(key(from, turn), m.turn());
        if (before != null) {
            faults.accept("the update of user " + from + "'s turn " + turn + " was mixed before, at the end of turn "
                    + before);
        }
        if (messagesSeen && !u.come.containsKey(key(from, turn))) {
            faults.accept("the update of user " + from + "'s turn " + turn + " had not come");
        }
        if (config.mode() == Mode.SYNCHRONOUS && turn > m.turn()) {
            faults.accept("the update of user " + from + "'s turn " + turn + " is of a later round");
        }
        u.waiting.remove(key(from, turn));
    }

    private void nothingIsLeft(User u, Observation.Mixed m, Consumer<String> faults) {
        Topology graph = config.neighbourhoods().byTurns()
                ? null
                : config.neighbourhoods().graph(Ticks.at(m.seconds()));
        u.waiting.forEach((key, since) -> {
            int from = (int) (key >> 32);
            int turn = key.intValue();
            boolean due = since < m.seconds() - NANOSECONDS
                    && (config.mode() != Mode.SYNCHRONOUS || turn <= m.turn())
                    && (graph == null || Arrays.binarySearch(graph.inNeighbours(m.user()), from) >= 0);
            if (due) {
                faults.accept("the update of user " + from + "'s turn " + turn + " had come at " + since
                        + " and was not mixed");
            }
        });
    }

    private void crashed(User u, Observation.Crashed c) {
        if (!config.faults().keepInbox()) {
            u.come.clear();
            u.waiting.clear();
        }
        for (Iterator<Map.Entry<Long, Integer>> all = u.mixed.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, Integer> e = all.next();
            // A user is saved at the end of a turn, before mixing.
            if (e.getValue() >= c.savedTurn() - 1) {
                all.remove();
                if (u.come.containsKey(e.getKey())) {
                    u.waiting.put(e.getKey(), u.come.get(e.getKey()));
                }
            }
        }
    }

    private static long key(int from, int turn) {
        return (long) from << 32 | turn & 0xFFFFFFFFL;
    }
}
