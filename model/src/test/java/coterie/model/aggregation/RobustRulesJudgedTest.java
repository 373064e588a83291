package coterie.model.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Results of ByzFL, which {@code byzfl_vectors.py} wrote. */
class RobustRulesJudgedTest {
    private static float[] vector(JsonNode n) {
        float[] x = new float[n.size()];
        for (int k = 0; k < x.length; k++) {
            x[k] = (float) n.get(k).asDouble();
        }
        return x;
    }

    @Test
    void rulesGiveWhatByzflGives() throws Exception {
        JsonNode cases;
        try (InputStream in = RobustRulesJudgedTest.class.getResourceAsStream("/aggregation/byzfl.json")) {
            cases = new ObjectMapper().readTree(in);
        }
        assertThat(cases).hasSize(5);
        for (JsonNode c : cases) {
            float[][] x = new float[c.get("x").size()][];
            for (int k = 0; k < x.length; k++) {
                x[k] = vector(c.get("x").get(k));
            }
            // A share of which ⌈share · n⌉ is f.
            double share = (c.get("f").asInt() - 0.5) / x.length;
            double radius = c.get("radius").asDouble();
            PreAggregator none = new NoPreAggregation();
            PreAggregator nnm = new NearestNeighbourMixing(share);
            Map<String, AggregationRules> rules = new LinkedHashMap<>();
            rules.put("median", new AggregationRules(new Median(), none, 0, 1));
            rules.put("trimmed_mean", new AggregationRules(new TrimmedMean(share), none, 0, 1));
            rules.put("krum", new AggregationRules(new Krum(share), none, 0, 1));
            rules.put("multi_krum", new AggregationRules(new MultiKrum(share), none, 0, 1));
            rules.put("geometric_median", new AggregationRules(new GeometricMedian(3, 0.1), none, 0, 1));
            rules.put("centred_clipping", new AggregationRules(new SelfCentredClipping(radius, share), none, 0, 1));
            rules.put("norm_bound", new AggregationRules(new NormBound(radius), none, 0, 1));
            rules.put("nnm", new AggregationRules(new WeightedMean(), nnm, 0, 1));
            rules.put("nnm_median", new AggregationRules(new Median(), nnm, 0, 1));
            rules.put("nnm_trimmed_mean", new AggregationRules(new TrimmedMean(share), nnm, 0, 1));
            rules.forEach((name, rule) -> assertThat(
                            rule.aggregate(0, Given.equal(x).contributions(), 0, null, null)
                                    .parameters())
                    .as("%s of %d", name, x.length)
                    .containsExactly(vector(c.get(name)), within(2e-5f)));
        }
    }
}
