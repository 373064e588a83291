package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.model.trust.AdaptiveRefresh;
import coterie.model.trust.ChangeSimilarity;
import coterie.model.trust.ModelSimilarity;
import coterie.model.trust.Refresh;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustRow;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks the rows of one user that mixes by trust: each follows from the scores recorded with it, by strategy, discount
 * and remainder; and scores are measured when the rules say.
 */
final class RowCheck {
    /** Tolerance for sums in another order, and for functions of another Java. */
    private static final double ROUNDING = 1e-12;

    /** Rounding error of a cosine. */
    private static final double COSINE = 1e-6;

    /** The last score of a candidate. */
    private record Measured(double score, int version, int turn, double seconds) {
        TrustManager.Score withoutHash() {
            return new TrustManager.Score(score, version, 0, turn, seconds);
        }
    }

    private final TrustManager.Rules rules;
    private final boolean crashes;
    private final Findings findings;
    private final Map<Integer, Measured> known = new HashMap<>();
    /** Null for rules without memory. */
    private final RefreshReplay replay;
    /** The turn in which all candidates were measured last, if that is done at intervals; −1 for none. */
    private int refreshed = -1;
    /** Whether the user has restarted from a save, whose scores are not known here. */
    private boolean wentBack;

    private long unscored;
    private long scored;

    /** @param crashes whether there may be several snapshots of one turn */
    RowCheck(TrustManager.Rules rules, boolean crashes, Findings findings) {
        this.rules = rules;
        this.crashes = crashes;
        this.findings = findings;
        // A snapshot is identified by its turn here, which crashes do not allow.
        replay = rules.refresh() instanceof AdaptiveRefresh && !crashes ? new RefreshReplay(rules, findings) : null;
    }

    /** The user restarts from a save. */
    void wentBack() {
        known.clear();
        refreshed = -1;
        wentBack = true;
    }

    /** A turn of the user has ended. */
    void ended(Observation.TurnEnded t) {
        if (replay != null) {
            replay.trained(t.trainingLoss());
        }
    }

    /** Number of rows without recorded scores, as in runs of earlier versions. */
    long unscored() {
        return unscored;
    }

    /** Number of rows with recorded scores. */
    long scored() {
        return scored;
    }

    void mixed(Observation.Mixed m, int self) {
        TrustRow row = m.row();
        double[] scores = row.scores().clone();
        if (!rules.strategy().measures()) {
            findings.check(
                    row.computed() == m.turn() && row.passes() == 0,
                    m,
                    "row_computed_in_turn is %d and forward_passes %d, where nothing is measured",
                    row.computed(),
                    row.passes());
            findings.check(
                    !scored(row) && Arrays.stream(row.scoreAges()).allMatch(age -> age == 0),
                    m,
                    "score and evidence_age tell of measurements, and nothing is measured");
        } else if (scored(row)) {
            scored++;
            inRange(m, self);
            measured(m, self);
        } else {
            unscored++;
            return;
        }
        double[] follows;
        try {
            double[] undiscounted = rules.strategy().row(m.user(), row.users(), scores, m.seconds());
            follows = rules.discount().apply(undiscounted, row.ages(), self, rules.remainder());
        } catch (IllegalArgumentException e) {
            findings.check(false, m, "no row follows from its scores: %s", e.getMessage());
            return;
        }
        for (int k = 0; k < follows.length; k++) {
            findings.check(
                    Math.abs(follows[k] - row.weights()[k]) <= ROUNDING,
                    m,
                    "a weight of %s for user %d; from scores, discount and remainder follows %s",
                    row.weights()[k],
                    row.users()[k],
                    follows[k]);
        }
    }

    /** A cosine is between −1 and 1. That of a user's own changes is 1 and does not enter its row. */
    private void inRange(Observation.Mixed m, int self) {
        boolean changes = rules.strategy() instanceof ChangeSimilarity;
        double[] scores = m.row().scores();
        for (int k = 0; k < scores.length && (changes || rules.strategy() instanceof ModelSimilarity); k++) {
            findings.check(
                    Double.isNaN(scores[k]) || Math.abs(scores[k]) <= 1 + COSINE,
                    m,
                    "a score of %s for user %d, and it is a cosine",
                    scores[k],
                    m.row().users()[k]);
            findings.check(
                    !changes || k != self || scores[k] == 1,
                    m,
                    "a score of %s for the user itself, and the cosine of anything with itself is 1",
                    scores[k]);
        }
    }

    /** A user's own score is always known. */
    private static boolean scored(TrustRow row) {
        for (double score : row.scores()) {
            if (!Double.isNaN(score)) {
                return true;
            }
        }
        return false;
    }

    private void measured(Observation.Mixed m, int self) {
        TrustRow row = m.row();
        if (rules.maxAge() != TrustManager.FOREVER) {
            known.values().removeIf(e -> m.turn() - e.turn > rules.maxAge());
        }
        if (replay != null) {
            replay.mixed(
                    m,
                    self,
                    Arrays.stream(row.users())
                            .mapToObj(known::get)
                            .map(e -> e == null ? null : e.withoutHash())
                            .toList());
        }
        int measured = 0;
        int others = 0;
        int computed = -1;
        int needed = 0;
        boolean all = allAnew(row);
        boolean due = refreshed < 0 || rules.refresh() instanceof Refresh.EveryTurns e && m.turn() - refreshed >= e.n();
        for (int k = 0; k < row.users().length; k++) {
            int age = row.scoreAges()[k];
            Measured before = known.get(row.users()[k]);
            if (age < 0) {
                findings.check(
                        before == null,
                        m,
                        "evidence_age of user %d is null, and it was measured in turn %d",
                        row.users()[k],
                        before == null ? -1 : before.turn);
                findings.check(
                        Double.isNaN(row.scores()[k]),
                        m,
                        "a score of %s for user %d, of which nothing is" + " known",
                        row.scores()[k],
                        row.users()[k]);
            } else if (age > 0) {
                kept(m, k, before);
            } else {
                measured++;
                others += k == self ? 0 : 1;
                needed += isOf(before, m, k) ? 0 : 1;
            }
            computed = age < 0 || k == self ? computed : Math.max(computed, m.turn() - age);
            when(m, k, self, before, due);
            if (age == 0) {
                known.put(row.users()[k], new Measured(row.scores()[k], m.versions()[k], m.turn(), m.seconds()));
            } else if (age > 0 && before == null) {
                known.put(row.users()[k], new Measured(row.scores()[k], -1, m.turn() - age, Double.NaN));
            }
        }
        if (rules.refresh() instanceof Refresh.EveryTurns && (due || all) && (!wentBack || all)) {
            refreshed = m.turn();
        }
        if (rules.refresh() instanceof Refresh.Budget b) {
            findings.check(others <= b.passes(), m, "%d others were measured, with a budget of %d", others, b.passes());
        }
        int last = computed < 0 ? m.turn() : computed;
        findings.check(
                row.computed() == last,
                m,
                "row_computed_in_turn is %d; by evidence_age it is %d",
                row.computed(),
                last);
        passes(m, measured, needed);
    }

    /** Whether a score is of a candidate's newest snapshot, measured on the data that the user has now. */
    private boolean isOf(Measured before, Observation.Mixed m, int k) {
        return before != null
                && before.version == m.versions()[k]
                && before.seconds >= rules.sameDataSince(m.user(), m.seconds());
    }

    private void passes(Observation.Mixed m, int measured, int needed) {
        int most = rules.strategy().needsValidationSet() ? measured : 0;
        // A snapshot is measured once, unless after a crash, when its turn does not identify it.
        int least = !rules.strategy().needsValidationSet()
                ? 0
                : !rules.strategy().lasting() ? measured : crashes || wentBack ? 0 : needed;
        findings.check(
                m.row().passes() >= least && m.row().passes() <= most,
                m,
                "forward_passes is %d; by evidence_age it is %s",
                m.row().passes(),
                least == most ? String.valueOf(most) : least + " to " + most);
    }

    private static boolean allAnew(TrustRow row) {
        for (int age : row.scoreAges()) {
            if (age != 0) {
                return false;
            }
        }
        return true;
    }

    /** A score that was not measured now is the last one. */
    private void kept(Observation.Mixed m, int k, Measured before) {
        int user = m.row().users()[k];
        int turn = m.turn() - m.row().scoreAges()[k];
        if (before == null) {
            findings.check(
                    wentBack,
                    m,
                    "evidence_age of user %d is %d, and it was never measured",
                    user,
                    m.row().scoreAges()[k]);
            return;
        }
        findings.check(
                turn == before.turn,
                m,
                "evidence_age of user %d is %d, and it was measured in turn %d last",
                user,
                m.row().scoreAges()[k],
                before.turn);
        boolean same = Double.compare(before.score, m.row().scores()[k]) == 0;
        findings.check(
                same || turn != before.turn,
                m,
                "a score of %s for user %d, and in turn %d it was measured as %s",
                m.row().scores()[k],
                user,
                before.turn,
                before.score);
    }

    /** Checks that candidates are measured exactly when the rules say. */
    private void when(Observation.Mixed m, int k, int self, Measured before, boolean due) {
        boolean measured = m.row().scoreAges()[k] == 0;
        int user = m.row().users()[k];
        Refresh r = rules.refresh();
        if (wentBack) {
            return;
        }
        if (r instanceof Refresh.EveryTurns e) {
            boolean own = k == self && before == null;
            findings.check(
                    measured == (due || own),
                    m,
                    "user %d was %s, and all were measured in turn %d, every %d turns",
                    user,
                    measured ? "measured" : "not measured",
                    refreshed,
                    e.n());
        } else if (r instanceof Refresh.OlderThan o) {
            boolean old = before == null || m.seconds() - before.seconds >= o.seconds();
            findings.check(
                    measured == old,
                    m,
                    "user %d was %s, and was measured before at %s, older than %s s are measured",
                    user,
                    measured ? "measured" : "not measured",
                    before == null ? "no time" : before.seconds,
                    o.seconds());
        } else if (r instanceof Refresh.OnReceipt && !crashes) {
            boolean other = !isOf(before, m, k);
            findings.check(
                    measured == other,
                    m,
                    "user %d was %s, and what came of it is of turn %d, measured before of %s",
                    user,
                    measured ? "measured" : "not measured",
                    m.versions()[k],
                    before == null ? "none" : before.version);
        } else if (r instanceof Refresh.Budget && k == self) {
            findings.check(measured, m, "the user itself was not measured, as it always is");
        }
    }
}
