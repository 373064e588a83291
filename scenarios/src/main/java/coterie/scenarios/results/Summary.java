package coterie.scenarios.results;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.clock.RunResult;
import coterie.model.torch.Torch;
import coterie.model.trust.Consensus;
import coterie.model.trust.TrustRow;
import coterie.scenarios.schema.Scenario;
import coterie.topology.graph.MixingMatrix;
import coterie.topology.graph.Topology;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** {@code summary.json}: a run in one object. */
public final class Summary {
    /** Eigenvalues cost the cube of the users: beyond this many the spectral gap is left out. */
    private static final int LARGEST_SPECTRUM = 1500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Summary() {
    }

    /** The summary as JSON, ending in a new line. */
    public static String of(Scenario s, Statistics stats, RunResult result, double[][] mixtures, double wallSeconds, String device) throws IOException {
        ObjectNode n = JSON.createObjectNode();
        n.put("scenario", s.name()).put("seed", s.seed()).put("status", result.completed() ? "completed" : "interrupted");
        n.put("strategy", s.collaboration().strategy().label());
        n.put("topology", s.topology().getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
        n.put("clock", "virtual").put("mode", s.time().mode().name().toLowerCase(java.util.Locale.ROOT));
        n.put("users", s.users()).put("turns", stats.turns());
        ObjectNode p = n.putObject("perplexity");
        number(p, "mean", Statistics.mean(stats.perplexity()));
        number(p, "std", Statistics.deviation(stats.perplexity()));
        numbers(p.putArray("per_user"), stats.perplexity());
        numbers(p.putArray("before"), stats.before());
        ObjectNode staleness = n.putObject("staleness");
        staleness.put("mean_versions", stats.meanVersions()).put("max_versions", stats.maxVersions()).put("mean_seconds", stats.meanSecondsOld());
        number(n, "participation", stats.participation());
        n.putObject("messages").put("sent", stats.sent()).put("delivered", stats.sent() - stats.lost()).put("lost", stats.lost());
        n.putObject("bytes_sent").put("parameters", stats.parameterBytes()).put("predictions", stats.predictionBytes())
                .put("total", stats.parameterBytes() + stats.predictionBytes());
        Topology graph = s.topology().build(s.users(), s.seed());
        number(n, "spectral_gap", s.users() > LARGEST_SPECTRUM ? Double.NaN : MixingMatrix.spectralGap(MixingMatrix.metropolis(graph)));
        List<float[]> adapters = result.users().stream().map(RunResult.End::parameters).filter(Objects::nonNull).toList();
        number(n, "consensus_distance", adapters.isEmpty() ? Double.NaN : Consensus.distance(adapters));
        number(n, "trust_to_oracle_l1", trustToOracle(stats.rows(), mixtures));
        n.put("virtual_seconds", result.virtualSeconds()).put("wall_seconds", wallSeconds);
        n.put("tokens_trained", stats.tokens()).put("tokens_per_second", stats.tokens() / wallSeconds);
        n.put("peak_memory_bytes", ProcessMemory.peak());
        n.put("events", result.events()).put("trace_hash", result.traceHash());
        n.put("device", device).put("engine", Torch.version());
        return n.toPrettyString() + "\n";
    }

    /** Mean over users of ‖row − oracle's row‖₁, over the candidates of the user's last mixing. */
    private static double trustToOracle(List<TrustRow> rows, double[][] mixtures) {
        double sum = 0;
        int n = 0;
        for (int u = 0; u < rows.size(); u++) {
            TrustRow row = rows.get(u);
            if (row != null) {
                double[] oracle = new double[row.users().length];
                double total = 0;
                for (int k = 0; k < oracle.length; k++) {
                    for (int c = 0; c < mixtures[u].length; c++) {
                        oracle[k] += mixtures[u][c] * mixtures[row.users()[k]][c];
                    }
                    total += oracle[k];
                }
                for (int k = 0; k < oracle.length; k++) {
                    sum += Math.abs(row.weights()[k] - oracle[k] / total);
                }
                n++;
            }
        }
        return n == 0 ? Double.NaN : sum / n;
    }

    private static void number(ObjectNode n, String key, double value) {
        if (Double.isFinite(value)) {
            n.put(key, value);
        } else {
            n.putNull(key);
        }
    }

    private static void numbers(ArrayNode list, double[] values) {
        for (double v : values) {
            if (Double.isFinite(v)) {
                list.add(v);
            } else {
                list.addNull();
            }
        }
    }
}
