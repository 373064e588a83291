package coterie.actors.verify;

import coterie.actors.event.Observation;

/** Checks what holds for every row, whatever the protocol: users in order, weights that sum to one, ages. */
final class RowShape {
    private static final double ROUNDING = 1e-9;

    private final int users;
    private final Findings findings;

    /** @param users of the run */
    RowShape(int users, Findings findings) {
        this.users = users;
        this.findings = findings;
    }

    /** @return the index of the user itself; −1 if it is not there, or the users are not those of the run in order */
    int self(Observation.Mixed m) {
        int[] row = m.row().users();
        double sum = 0;
        int self = -1;
        boolean sound = true;
        for (int k = 0; k < row.length; k++) {
            double w = m.row().weights()[k];
            sum += w;
            sound &= row[k] >= 0 && row[k] < users && (k == 0 || row[k] > row[k - 1]);
            findings.check(w >= 0, m, "a weight of %s", w);
            findings.check(k == 0 || row[k] > row[k - 1], m, "users are not in order");
            findings.check(row[k] >= 0 && row[k] < users, m, "there is no user %d", row[k]);
            ages(m, k);
            self = row[k] == m.user() ? k : self;
        }
        findings.check(self >= 0, m, "the user itself is not in its row");
        findings.check(Math.abs(sum - 1) <= ROUNDING, m, "the row sums to %s", sum);
        return sound ? self : -1;
    }

    private void ages(Observation.Mixed m, int k) {
        int user = m.row().users()[k];
        int age = Math.max(0, m.turn() - m.versions()[k]);
        findings.check(
                m.row().ages()[k] == age,
                m,
                "an age of %d for turn %d of user %d, of which it is %d",
                m.row().ages()[k],
                m.versions()[k],
                user,
                age);
        findings.check(
                user == m.user()
                        || m.secondsOld()[k] >= 0 && m.informationAge()[k] >= m.secondsOld()[k] - Instants.NANOSECONDS,
                m,
                "ages of %s and %s seconds",
                m.secondsOld()[k],
                m.informationAge()[k]);
    }
}
