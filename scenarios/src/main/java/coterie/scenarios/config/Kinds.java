package coterie.scenarios.config;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import coterie.model.trust.StalenessDiscount;
import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.TopologyModel;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What may be chosen by name. Adding a kind is its record in its own room, a line here that names it, and a line in
 * {@code kinds.yaml} with its settings; scenario files, their checking and {@code coterie list} follow.
 */
public final class Kinds {
    /**
     * A place in a scenario where something is chosen: the key that names the choice, and the choices with their
     * settings.
     */
    public record Choice(String path, String key, Map<String, ObjectNode> choices) {}

    /** Where a record stands for a name; read by Jackson, so that the rooms themselves need not know it. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "ring", value = GraphModel.Ring.class),
        @JsonSubTypes.Type(name = "full", value = GraphModel.Full.class),
        @JsonSubTypes.Type(name = "line", value = GraphModel.Line.class),
        @JsonSubTypes.Type(name = "star", value = GraphModel.Star.class),
        @JsonSubTypes.Type(name = "torus", value = GraphModel.Torus.class),
        @JsonSubTypes.Type(name = "k-regular", value = GraphModel.KRegular.class),
        @JsonSubTypes.Type(name = "erdos-renyi", value = GraphModel.ErdosRenyi.class),
        @JsonSubTypes.Type(name = "small-world", value = GraphModel.SmallWorld.class),
        @JsonSubTypes.Type(name = "stochastic-block", value = GraphModel.StochasticBlock.class),
        @JsonSubTypes.Type(name = "exponential", value = GraphModel.Exponential.class),
        @JsonSubTypes.Type(name = "file", value = GraphModel.FromFile.class),
        @JsonSubTypes.Type(name = "schedule", value = TopologyModel.Schedule.class),
        @JsonSubTypes.Type(name = "random-peers", value = TopologyModel.RandomPeers.class),
        @JsonSubTypes.Type(name = "trusted-peers", value = TopologyModel.TrustedPeers.class)
    })
    private interface Topologies {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "model")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "constant", value = ComputeTime.Constant.class),
        @JsonSubTypes.Type(name = "lognormal", value = ComputeTime.LogNormal.class),
        @JsonSubTypes.Type(name = "stragglers", value = ComputeTime.Stragglers.class),
        @JsonSubTypes.Type(name = "fedscale", value = ComputeTime.FedScale.class),
        @JsonSubTypes.Type(name = "trace", value = ComputeTime.Trace.class)
    })
    private interface ComputeTimes {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "model")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "constant", value = Latency.Constant.class),
        @JsonSubTypes.Type(name = "uniform", value = Latency.Uniform.class),
        @JsonSubTypes.Type(name = "lognormal", value = Latency.LogNormal.class),
        @JsonSubTypes.Type(name = "matrix", value = Latency.Matrix.class)
    })
    private interface Latencies {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "model")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "unlimited", value = Bandwidth.Unlimited.class),
        @JsonSubTypes.Type(name = "constant", value = Bandwidth.Constant.class),
        @JsonSubTypes.Type(name = "lognormal", value = Bandwidth.LogNormal.class),
        @JsonSubTypes.Type(name = "trace", value = Bandwidth.Trace.class)
    })
    private interface Bandwidths {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "model")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "always", value = Participation.Always.class),
        @JsonSubTypes.Type(name = "bernoulli", value = Participation.Bernoulli.class),
        @JsonSubTypes.Type(name = "cohort", value = Participation.Cohort.class),
        @JsonSubTypes.Type(name = "sessions", value = Participation.OnlineOffline.class),
        @JsonSubTypes.Type(name = "diurnal", value = Participation.Diurnal.class),
        @JsonSubTypes.Type(name = "trace", value = Participation.Trace.class)
    })
    private interface Participations {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "discount")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "constant", value = StalenessDiscount.Constant.class),
        @JsonSubTypes.Type(name = "polynomial", value = StalenessDiscount.Polynomial.class),
        @JsonSubTypes.Type(name = "hinge", value = StalenessDiscount.Hinge.class),
        @JsonSubTypes.Type(name = "exponential", value = StalenessDiscount.Exponential.class),
        @JsonSubTypes.Type(name = "cut-off", value = StalenessDiscount.CutOff.class)
    })
    private interface Discounts {}

    private static final Map<String, Choice> ALL = read();

    private Kinds() {}

    static void register(ObjectMapper mapper) {
        mapper.addMixIn(TopologyModel.class, Topologies.class);
        mapper.addMixIn(ComputeTime.class, ComputeTimes.class);
        mapper.addMixIn(Latency.class, Latencies.class);
        mapper.addMixIn(Bandwidth.class, Bandwidths.class);
        mapper.addMixIn(Participation.class, Participations.class);
        mapper.addMixIn(StalenessDiscount.class, Discounts.class);
    }

    /** The choice at a key path; null where nothing is chosen there. */
    static Choice at(String path) {
        return ALL.get(path);
    }

    public static List<Choice> all() {
        return new ArrayList<>(ALL.values());
    }

    private static Map<String, Choice> read() {
        try (InputStream in = Kinds.class.getResourceAsStream("/coterie/scenarios/kinds.yaml")) {
            Map<String, Choice> all = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> e :
                    new ObjectMapper(new YAMLFactory()).readTree(in).properties()) {
                Map<String, ObjectNode> choices = new LinkedHashMap<>();
                e.getValue()
                        .get("choices")
                        .properties()
                        .forEach(c -> choices.put(c.getKey(), (ObjectNode) c.getValue()));
                all.put(
                        e.getKey(),
                        new Choice(e.getKey(), e.getValue().get("key").asText(), choices));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
