package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.Refresh;
import coterie.model.trust.TrustManager;
import coterie.model.trust.TrustRow;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Checks that one user measures exactly what a rule with memory says: asks the rule at every mixing, with what was
 * recorded of the turns and mixings before.
 */
final class RefreshReplay {
    private final TrustManager.Rules rules;
    private final Findings findings;
    private Refresh.Memory memory;
    private int lastFull = -1;

    RefreshReplay(TrustManager.Rules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
        memory = rules.refresh().start();
    }

    /** @param loss mean training loss of a turn that ended; NaN if nothing was trained */
    void trained(double loss) {
        memory = rules.refresh().trained(memory, loss);
    }

    /** @param last last score of each candidate before the mixing; null if there is none */
    void mixed(Observation.Mixed m, int self, List<TrustManager.Score> last) {
        TrustRow row = m.row();
        List<Snapshot> candidates = IntStream.range(0, row.users().length)
                .mapToObj(k -> Snapshot.absent(new Snapshot.Key(row.users()[k], m.versions()[k], 0, 0)))
                .toList();
        Refresh.Occasion now = new Refresh.Occasion(
                m.turn(),
                m.seconds(),
                self,
                candidates,
                last,
                lastFull,
                rules.strategy(),
                memory,
                rules.sameDataSince(m.user(), m.seconds()),
                row.moved());
        Refresh.Due due = rules.refresh().due(now);
        for (int k = 0; k < candidates.size(); k++) {
            boolean measured = row.scoreAges()[k] == 0;
            findings.check(
                    measured == due.candidates().contains(k),
                    m,
                    "user %d was %s, and the rule says otherwise by the scores before",
                    row.users()[k],
                    measured ? "measured" : "not measured");
        }
        memory = rules.refresh().after(now, due, row.scores());
        lastFull = due.full() ? m.turn() : lastFull;
    }
}
