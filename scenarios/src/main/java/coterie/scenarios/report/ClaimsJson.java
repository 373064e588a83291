package coterie.scenarios.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.claim.Claim;
import coterie.scenarios.claim.Judgement;
import java.util.List;
import java.util.Map;

/** Verdicts for a page. */
final class ClaimsJson {
    private ClaimsJson() {}

    /**
     * One object for each claim; {@code rows} are the places of the variants that it is about.
     *
     * @param variants values of each row of the page, by key
     */
    static ArrayNode of(List<Judgement> judged, List<Map<String, String>> variants) {
        ArrayNode all = new ObjectMapper().createArrayNode();
        for (Judgement j : judged) {
            Claim c = j.claim();
            ObjectNode n = all.addObject()
                    .put("name", c.name())
                    .put("verdict", j.verdict().label())
                    .put("what", c.relation().inWords())
                    .put("measure", c.measure())
                    .put("quantity", c.relation().quantity(c.measure()))
                    .put("from", c.from())
                    .put("seeds", j.seeds())
                    .put("needed", j.needed());
            Json.put(n, "effect", j.effect());
            Json.put(n, "interval", j.interval());
            Json.put(n, "confidence", j.confidence());
            Json.put(n, "p", j.probability());
            Json.put(n, "within", c.relation().within());
            ArrayNode rows = n.putArray("rows");
            for (int k = 0; k < variants.size(); k++) {
                Map<String, String> values = variants.get(k);
                if (c.relation().cells().stream().anyMatch(cells -> cells.has(values))) {
                    rows.add(k);
                }
            }
        }
        return all;
    }
}
