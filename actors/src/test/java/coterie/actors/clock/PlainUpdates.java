package coterie.actors.clock;

import coterie.actors.ArithmeticLearner;
import coterie.actors.event.Observation;
import coterie.actors.message.Payload.Kind;
import coterie.actors.user.SimulationConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Algorithm 1 without rounds, implemented again in plain loops and float64. From a run it takes only the records of
 * when users sent, received, mixed and crashed; training and mixing are computed here.
 */
final class PlainUpdates {
    private static final int P = 4;
    private final SimulationConfig config;
    private final double[][] mixtures;
    private final User[] users;
    /** The content of messages, by sender and number. */
    private final Map<String, Update> sent = new HashMap<>();

    private final List<String> rows = new ArrayList<>();
    private int several;
    private int old;

    /** Δθ of a turn, and when it was sent. */
    private record Update(int turn, double seconds, double[] delta) {}

    private static final class User {
        private double[] theta;
        /** The parameters that the last published update, or the next one, is the difference to. */
        private double[] before;

        private boolean published;
        private int iteration;
        private int trained = -1;
        /** By sender and turn. */
        private Map<Integer, TreeMap<Integer, Update>> waiting = new TreeMap<>();

        private final Map<Integer, TreeMap<Integer, Update>> sinceSave = new TreeMap<>();
        private Set<String> mixed = new HashSet<>();
        private double[] savedTheta;
        private double[] savedBefore;
        private int savedIteration;
        private Set<String> savedMixed = new HashSet<>();
    }

    PlainUpdates(SimulationConfig config, double[][] mixtures) {
        this.config = config;
        this.mixtures = mixtures;
        users = new User[config.users()];
        for (int u = 0; u < users.length; u++) {
            users[u] = new User();
            users[u].theta = new double[] {u, 1, -u, 0.5};
            users[u].before = users[u].theta;
            users[u].savedTheta = users[u].theta;
            users[u].savedBefore = users[u].theta;
        }
    }

    void observed(Observation o) {
        User u = users[o.user()];
        if (o instanceof Observation.Sent s && s.kind() == Kind.SNAPSHOT) {
            train(o.user(), s.turn());
            double[] delta = new double[P];
            for (int k = 0; k < P; k++) {
                delta[k] = u.theta[k] - u.before[k];
            }
            sent.put(s.user() + " " + s.number(), new Update(s.turn(), s.seconds(), delta));
        } else if (o instanceof Observation.TurnEnded t) {
            train(o.user(), t.turn());
            u.iteration += config.schedule().turn(t.turn()).iterations();
            u.published = t.tookPart();
            if (config.faults().any() && (t.turn() + 1) % config.faults().saveEvery() == 0) {
                u.savedTheta = u.theta.clone();
                u.savedBefore = u.published ? u.theta.clone() : u.before.clone();
                u.savedIteration = u.iteration;
                u.savedMixed = new HashSet<>(u.mixed);
                u.sinceSave.clear();
            }
        } else if (o instanceof Observation.Received r && r.taken()) {
            take(u, r.from(), sent.get(r.from() + " " + r.number()));
        } else if (o instanceof Observation.Mixed m) {
            mix(o.user(), m.turn());
        } else if (o instanceof Observation.Crashed) {
            u.theta = u.savedTheta.clone();
            u.before = u.savedBefore.clone();
            u.published = false;
            u.iteration = u.savedIteration;
            u.mixed = new HashSet<>(u.savedMixed);
            u.trained = -1;
            if (config.faults().keepInbox()) {
                u.sinceSave.forEach((from, all) -> all.values().forEach(x -> take(u, from, x)));
            } else {
                u.waiting.clear();
            }
            u.sinceSave.clear();
        }
    }

    private void train(int user, int turn) {
        User u = users[user];
        if (u.trained == turn) {
            return;
        }
        u.trained = turn;
        if (u.published) {
            u.before = u.theta.clone();
            u.published = false;
        }
        double[] x = u.theta.clone();
        for (int i = u.iteration; i < u.iteration + config.schedule().turn(turn).iterations(); i++) {
            for (int k = 0; k < P; k++) {
                x[k] = 0.9 * x[k] + ArithmeticLearner.noise(config.seed(), user, i, k);
            }
        }
        u.theta = x;
    }

    private static void take(User u, int from, Update x) {
        boolean mixed = u.mixed.contains(from + " " + x.turn);
        TreeMap<Integer, Update> of = (mixed ? u.sinceSave : u.waiting).computeIfAbsent(from, k -> new TreeMap<>());
        if (of.containsKey(x.turn) ? of.get(x.turn).seconds < x.seconds : !mixed) {
            of.put(x.turn, x);
        }
    }

    private void mix(int user, int turn) {
        User u = users[user];
        int n = users.length;
        double[] weight = new double[n];
        for (int j = 0; j < n; j++) {
            TreeMap<Integer, Update> fresh = j == user ? null : u.waiting.get(j);
            if (j == user || fresh != null && !fresh.isEmpty()) {
                for (int c = 0; c < mixtures[j].length; c++) {
                    weight[j] += mixtures[user][c] * mixtures[j][c];
                }
            }
        }
        normalise(weight);
        for (int j = 0; j < n; j++) {
            if (j != user && weight[j] > 0) {
                weight[j] /= Math.sqrt(1 + Math.max(0, turn - u.waiting.get(j).lastKey()));
            }
        }
        normalise(weight);
        double[] x = u.before.clone();
        for (int k = 0; k < P; k++) {
            x[k] += weight[user] * (u.theta[k] - u.before[k]);
        }
        StringBuilder row = new StringBuilder(user + " at " + turn + ":");
        for (int j = 0; j < n; j++) {
            if (j != user && weight[j] > 0) {
                several += u.waiting.get(j).size() > 1 ? 1 : 0;
                for (Update d : u.waiting.get(j).values()) {
                    old += d.turn < turn ? 1 : 0;
                    for (int k = 0; k < P; k++) {
                        x[k] += weight[j] * d.delta[k];
                    }
                    u.mixed.add(j + " " + d.turn);
                    u.sinceSave.computeIfAbsent(j, z -> new TreeMap<>()).put(d.turn, d);
                }
                u.waiting.get(j).clear();
            }
            row.append(weight[j] > 0 ? String.format(" %d %.9f", j, weight[j]) : "");
        }
        rows.add(row.toString());
        u.theta = x;
        u.before = x.clone();
        u.published = false;
        // A turn that begins here begins with this; the last one only mixes and trains nothing.
        u.trained = -1;
    }

    private static void normalise(double[] w) {
        double sum = 0;
        for (double x : w) {
            sum += x;
        }
        for (int j = 0; j < w.length; j++) {
            w[j] /= sum;
        }
    }

    /** θ of a user [P]. */
    double[] theta(int user) {
        return users[user].theta;
    }

    /** Each mixing: the user, the turn that ended, and the row. */
    List<String> rows() {
        return rows;
    }

    /** Entries in which several updates of one sender were mixed. */
    int several() {
        return several;
    }

    /** Updates of an earlier turn than that of the mixing. */
    int old() {
        return old;
    }
}
