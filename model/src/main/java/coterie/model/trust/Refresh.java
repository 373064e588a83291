package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * When a user measures its candidates again. A candidate that is not measured keeps its last score; one that was never
 * measured has none, and weight 0. The user's own snapshot is measured by the same rule as others': a fresh loss of its
 * own beside old ones of others would make it trust itself ever more.
 *
 * <p>A scenario names a rule by one word, in which N stands for the rule's only setting.
 */
public interface Refresh {
    /**
     * What a user knows when it is about to mix.
     *
     * @param turn that has ended
     * @param seconds virtual seconds of the mixing
     * @param own index of the user's own snapshot
     * @param candidates in rising order of users
     * @param last the last measurement of each candidate; null where there is none
     * @param lastFull the last turn in which the rule asked for {@link Due#full}; −1 for never
     */
    record Occasion(
            int turn,
            double seconds,
            int own,
            List<Snapshot> candidates,
            List<TrustManager.Evidence> last,
            int lastFull) {
        /** Whether a candidate's newest snapshot is the one that was measured last. */
        public boolean upToDate(int candidate) {
            TrustManager.Evidence e = last.get(candidate);
            return e != null && e.of(candidates.get(candidate));
        }
    }

    /**
     * What is to be measured.
     *
     * @param candidates indices, in the order in which they are measured
     * @param full whether this counts as a measurement of all, for {@link Occasion#lastFull}
     */
    record Due(List<Integer> candidates, boolean full) {}

    /** Which candidates are measured at a mixing. */
    Due due(Occasion now);

    /** All candidates, at every mixing. */
    @Component(name = "every-turn", about = "all candidates, at every mixing")
    record EveryTurn() implements Refresh {
        @Override
        public Due due(Occasion now) {
            return new EveryTurns(1).due(now);
        }
    }

    /** All candidates, at the first mixing that is at least n turns after the last time. */
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

    /** Candidates that were never measured, or at least so many virtual seconds ago. */
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
                TrustManager.Evidence e = now.last().get(k);
                if (e == null || now.seconds() - e.seconds() >= seconds) {
                    due.add(k);
                }
            }
            return new Due(due, false);
        }
    }

    /** Candidates of which a snapshot arrived after their last measurement. */
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
     * The user's own snapshot, and at most so many others of which there is something newer: first those that were
     * never measured, then those whose last measurement is the oldest.
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
