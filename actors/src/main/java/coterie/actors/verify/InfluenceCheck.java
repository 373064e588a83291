package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.model.aggregation.AggregationRules;
import coterie.model.aggregation.Influence;

/** Checks what mixings report about their aggregator: the influence of each candidate, and forward passes. */
final class InfluenceCheck {
    /** Tolerance for a sum of weights. */
    private static final double ROUNDING = 1e-9;

    private final AggregationRules rules;
    private final Findings findings;

    InfluenceCheck(AggregationRules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
    }

    void mixed(Observation.Mixed m) {
        Influence influence = m.row().influence();
        boolean reported = influence != null && influence.weights() != null;
        findings.check(
                reported || !rules.reportsInfluence(), m, "influence is missing, and the aggregation rule reports it");
        findings.check(
                influence == null || !rules.reportsNothing(),
                m,
                "influence or aggregation_passes under a rule that reports neither");
        if (influence == null) {
            return;
        }
        findings.check(
                influence.passes() == 0 || rules.rule().needsValidationSet() && influence.passes() > 0,
                m,
                "aggregation_passes is %d, and the aggregation rule %s",
                influence.passes(),
                rules.rule().needsValidationSet() ? "measures candidates" : "measures nothing");
        if (reported) {
            double sum = 0;
            for (int k = 0; k < influence.weights().length; k++) {
                double w = influence.weights()[k];
                sum += w;
                findings.check(w >= 0, m, "an influence of %s", w);
                findings.check(
                        w == 0 || m.row().weights()[k] > 0 || m.row().users()[k] == m.user(),
                        m,
                        "an influence of %s for user %d, which has no weight",
                        w,
                        m.row().users()[k]);
            }
            findings.check(sum <= 1 + ROUNDING, m, "influence sums to %s", sum);
        }
    }
}
