package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * When a user updates the scores of candidates. A candidate that is not measured keeps its last score; one that was
 * never measured gets weight 0. The rule also applies to the user's own snapshot: comparing a fresh loss of its own
 * with old losses of others would increase its own weight over time.
 *
 * <p>A scenario selects a rule by one word, in which N stands for the only setting of the rule. Rules are pure: what
 * one remembers is passed to it and returned by it.
 */
public interface Refresh {
    /**
     * The information available to a rule at a mixing.
     *
     * @param turn the turn that ended
     * @param seconds virtual time of the mixing in seconds
     * @param own index of the user's own snapshot
     * @param candidates in ascending order of users
     * @param last last measurement of each candidate; null if there is none
     * @param lastFull last turn in which the rule returned {@link Due#full}; −1 if never
     * @param strategy strategy that measures the scores
     * @param memory what the rule remembers; null if it needs no memory
     * @param sameDataSince virtual time in seconds since which the user measures on the same data
     * @param moved estimated distance of each candidate's parameters from those of the snapshot of it that was a
     *     candidate before; NaN if there was none, or it is the same; empty unless {@link #watchesSnapshots}
     */
    record Occasion(
            int turn,
            double seconds,
            int own,
            List<Snapshot> candidates,
            List<TrustManager.Score> last,
            int lastFull,
            TrustStrategy strategy,
            Memory memory,
            double sameDataSince,
            double[] moved) {
        /** Returns the same with another memory. */
        Occasion with(Memory other) {
            return new Occasion(turn, seconds, own, candidates, last, lastFull, strategy, other, sameDataSince, moved);
        }

        /** Whether the newest snapshot of a candidate has been measured on the data that the user has now. */
        public boolean upToDate(int candidate) {
            TrustManager.Score e = last.get(candidate);
            return e != null && e.of(candidates.get(candidate), sameDataSince);
        }

        /** The candidates' numbers in ascending order. */
        int[] users() {
            return candidates.stream().mapToInt(Snapshot::user).toArray();
        }

        /** Last score of each candidate; NaN if there is none. */
        double[] scores() {
            return last.stream()
                    .mapToDouble(e -> e == null ? Double.NaN : e.value())
                    .toArray();
        }
    }

    /**
     * The candidates to measure.
     *
     * @param candidates indices in the order of measurement
     * @param full whether this counts as a measurement of all, for {@link Occasion#lastFull}
     */
    record Due(List<Integer> candidates, boolean full) {}

    /**
     * What a rule remembers of one user's turns. It is part of checkpoints and of device saves, and is never changed.
     */
    interface Memory {}

    /** The memory before the first turn; null for a rule that needs none. */
    default Memory start() {
        return null;
    }

    /**
     * Classes of which the memory consists, beyond the JDK's: records and enums. Their order is part of the checkpoint
     * format: append, never reorder.
     */
    default List<Class<?>> memoryTypes() {
        return List.of();
    }

    /** Whether the rule needs to know how far candidates' snapshots have moved: {@link Occasion#moved}. */
    default boolean watchesSnapshots() {
        return false;
    }

    /**
     * Returns what the rule remembers after a turn of training. It is called after every turn, also where the user does
     * not mix then.
     *
     * @param memory what the rule remembers from before
     * @param loss mean training loss of the turn in nats; NaN if nothing was trained
     */
    default Memory trained(Memory memory, double loss) {
        return memory;
    }

    /** Returns the candidates to measure at a mixing. */
    Due due(Occasion now);

    /**
     * Returns what the rule remembers of a mixing.
     *
     * @param due what {@link #due} returned
     * @param scores score of each candidate after the measurement; NaN if unknown
     */
    default Memory after(Occasion now, Due due, double[] scores) {
        return now.memory();
    }

    /** Measures all candidates at every mixing. */
    @Component(name = "every-turn", about = "all candidates, at every mixing")
    record EveryTurn() implements Refresh {
        @Override
        public Due due(Occasion now) {
            return new EveryTurns(1).due(now);
        }
    }

    /** Measures all candidates at the first mixing at least n turns after the last time. */
    @Component(name = "every-N-turns", about = "all candidates, N turns after the last time")
    record EveryTurns(@Setting int n) implements Refresh {
        public EveryTurns {
            if (n < 1) {
                throw new IllegalArgumentException("refresh must be at least every turn (1), found " + n);
            }
        }

        @Override
        public Due due(Occasion now) {
            boolean full = now.lastFull() < 0 || now.turn() - now.lastFull() >= n;
            List<Integer> due = new ArrayList<>();
            for (int k = 0; k < now.candidates().size(); k++) {
                if (full || k == now.own() && now.last().get(k) == null) {
                    due.add(k);
                }
            }
            return new Due(due, full);
        }
    }

    /** Measures candidates without a score, and those last measured at least {@code seconds} virtual seconds ago. */
    @Component(name = "older-than-N-seconds", about = "candidates last measured N virtual seconds ago or earlier")
    record OlderThan(@Setting double seconds) implements Refresh {
        public OlderThan {
            if (!(seconds >= 0)) {
                throw new IllegalArgumentException("seconds must not be negative, found " + seconds);
            }
        }

        @Override
        public Due due(Occasion now) {
            List<Integer> due = new ArrayList<>();
            for (int k = 0; k < now.candidates().size(); k++) {
                TrustManager.Score e = now.last().get(k);
                if (e == null || now.seconds() - e.seconds() >= seconds) {
                    due.add(k);
                }
            }
            return new Due(due, false);
        }
    }

    /** Measures candidates with a snapshot newer than the measured one. */
    @Component(name = "on-receipt", about = "candidates with a snapshot newer than the one last measured")
    record OnReceipt() implements Refresh {
        @Override
        public Due due(Occasion now) {
            List<Integer> due = new ArrayList<>();
            for (int k = 0; k < now.candidates().size(); k++) {
                if (!now.upToDate(k)) {
                    due.add(k);
                }
            }
            return new Due(due, false);
        }
    }

    /**
     * Measures the user's own snapshot and at most {@code passes} other candidates with a snapshot newer than the
     * measured one: first candidates without a score, then those with the oldest score.
     */
    @Component(name = "budget-N", about = "at most N candidates at a mixing, the longest unmeasured first")
    record Budget(@Setting int passes) implements Refresh {
        public Budget {
            if (passes < 0) {
                throw new IllegalArgumentException("passes must not be negative, found " + passes);
            }
        }

        @Override
        public Due due(Occasion now) {
            List<Integer> others = new ArrayList<>();
            for (int k = 0; k < now.candidates().size(); k++) {
                if (k != now.own() && !now.upToDate(k)) {
                    others.add(k);
                }
            }
            others.sort(Comparator.comparingInt((Integer k) ->
                            now.last().get(k) == null ? -1 : now.last().get(k).turn())
                    .thenComparing(Comparator.naturalOrder()));
            List<Integer> due = new ArrayList<>(List.of(now.own()));
            due.addAll(others.subList(0, Math.min(passes, others.size())));
            return new Due(due, false);
        }
    }
}
