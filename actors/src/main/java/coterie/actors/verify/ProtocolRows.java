package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.protocol.RowCalculator;
import java.util.Arrays;
import java.util.List;

/** Checks one user's rows under a protocol without trust: they follow from its {@link RowCalculator}. */
final class ProtocolRows {
    private static final double ROUNDING = 1e-12;
    private final RowCalculator calculator;
    private final Findings findings;

    ProtocolRows(RowCalculator calculator, Findings findings) {
        this.calculator = calculator;
        this.findings = findings;
    }

    /** @param atEnd messages sent at the end of the turn */
    void ended(Observation.TurnEnded t, List<Mail.Flight> atEnd) {
        calculator.turnEnded(t.turn(), t.tokens() > 0);
        atEnd.forEach(f -> f.note = calculator.note());
    }

    void restarted() {
        calculator.restarted();
    }

    /** @param used messages that were mixed, in the order of arrival; null if that is not certain */
    void mixed(Observation.Mixed m, int self, List<Arrivals.Receipt> used) {
        findings.check(
                m.row().computed() == m.turn()
                        && m.row().passes() == 0
                        && Arrays.stream(m.row().scoreAges()).allMatch(a -> a == 0),
                m,
                "evidence_age, row_computed_in_turn and forward_passes tell of measurements, and nothing is measured");
        double[] weights = weights(m, self, used);
        for (int k = 0; weights != null && k < weights.length; k++) {
            findings.check(
                    Math.abs(weights[k] - m.row().weights()[k]) <= ROUNDING,
                    m,
                    "a weight of %s for user %d; the protocol gives it %s",
                    m.row().weights()[k],
                    m.row().users()[k],
                    weights[k]);
        }
    }

    private double[] weights(Observation.Mixed m, int self, List<Arrivals.Receipt> used) {
        List<RowCalculator.Used> messages = used == null
                ? null
                : used.stream()
                        .map(r -> new RowCalculator.Used(r.flight().sent.user(), r.flight().note))
                        .toList();
        try {
            return calculator.weights(new RowCalculator.Row(m, Instants.tick(m.seconds()), self, messages));
        } catch (IllegalArgumentException e) {
            findings.check(false, m, "%s", e.getMessage());
            return null;
        }
    }
}
