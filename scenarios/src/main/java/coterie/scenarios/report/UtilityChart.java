package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.trust.UserMixtures;
import coterie.model.utility.Evidence;
import coterie.scenarios.results.UtilityFigures;
import java.util.List;

/** Utility of neighbours and evidence of it: rank correlations by rounds, and some of the measurements. */
final class UtilityChart {
    private static final int POINTS = 1500;
    private static final int SAMPLES = 400;

    private final int[] categories;
    private final UtilityFigures figures;
    private final Thinned<Observation.Utility> points = new Thinned<>(POINTS);
    private boolean any;

    /** @param categories category of each user [N] */
    UtilityChart(UserMixtures mixtures, int[] categories) {
        this.categories = categories;
        figures = new UtilityFigures(mixtures);
    }

    void measured(Observation.Utility m) {
        any = true;
        figures.observed(m);
        points.add(() -> m);
    }

    /** Adds {@code utility}; nothing if a run does not measure it. */
    void json(ObjectNode report) {
        if (!any) {
            return;
        }
        ObjectNode to = report.putObject("utility");
        rounds(to.putObject("rounds"));
        ObjectNode some = to.putObject("points");
        ArrayNode same = some.putArray("same");
        ArrayNode utility = some.putArray("utility");
        for (Observation.Utility m : points.kept()) {
            same.add(categories[m.user()] == categories[m.neighbour()] ? 1 : 0);
            Json.add(utility, m.utility());
        }
        ObjectNode evidence = some.putObject("evidence");
        for (Evidence e : Evidence.values()) {
            if (figures.measured(e)) {
                ArrayNode list = evidence.putArray(e.label());
                points.kept().forEach(m -> Json.add(list, m.evidence(e)));
            }
        }
    }

    private void rounds(ObjectNode to) {
        ArrayNode turn = to.putArray("turn");
        ArrayNode at = to.putArray("at");
        Thinned<UtilityFigures.Round> thinned = new Thinned<>(SAMPLES);
        figures.rounds().forEach(r -> thinned.add(() -> r));
        List<UtilityFigures.Round> rounds = thinned.kept();
        for (UtilityFigures.Round r : rounds) {
            turn.add(r.turn());
            Json.add(at, r.seconds());
        }
        ObjectNode withUtility = to.putObject("with_utility");
        ObjectNode withOracle = to.putObject("with_oracle");
        ArrayNode utility = withOracle.putArray("utility");
        rounds.forEach(r -> Json.add(utility, r.utilityWithOracle()));
        for (Evidence e : Evidence.values()) {
            if (figures.measured(e)) {
                ArrayNode list = withUtility.putArray(e.label());
                rounds.forEach(r -> Json.add(list, r.withUtility(e)));
                ArrayNode other = withOracle.putArray(e.label());
                rounds.forEach(r -> Json.add(other, r.withOracle(e)));
            }
        }
    }
}
