package coterie.scenarios.schema;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import coterie.model.trust.StalenessDiscount;
import coterie.topology.graph.GraphModel;
import coterie.topology.world.ComputeTime;
import coterie.topology.world.Latency;
import coterie.topology.world.Participation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What may be chosen by name. Adding a kind is its record in its own room, a line here that names it, and a line in {@code kinds.yaml} with its
 * settings; scenario files, their checking and {@code coterie list} follow.
 */
public final class Kinds {
    /** A place in a scenario where something is chosen: the key that names the choice, and the choices with their settings. */
    public record Choice(String path, String key, Map<String, ObjectNode> choices) {
    }

    /** Where a record stands for a name; read by Jackson, so that the rooms themselves need not know it. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "ring", value = GraphModel.Ring.class),
        @JsonSubTypes.Type(name = "full", value = GraphModel.Full.class),
        @JsonSubTypes.Type(name = "line", value = GraphModel.Line.class),
        @JsonSubTypes.Type(name = "star", value = GraphModel.Star.class)})
    private interface Graphs {
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "model")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "constant", value = ComputeTime.Constant.class),
        @JsonSubTypes.Type(name = "lognormal", value = ComputeTime.LogNormal.class)})
    private interface ComputeTimes {
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "model")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "constant", value = Latency.Constant.class),
        @JsonSubTypes.Type(name = "uniform", value = Latency.Uniform.class)})
    private interface Latencies {
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "model")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "always", value = Participation.Always.class),
        @JsonSubTypes.Type(name = "bernoulli", value = Participation.Bernoulli.class)})
    private interface Participations {
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "discount")
    @JsonSubTypes({
        @JsonSubTypes.Type(name = "constant", value = StalenessDiscount.Constant.class),
        @JsonSubTypes.Type(name = "polynomial", value = StalenessDiscount.Polynomial.class)})
    private interface Discounts {
    }

    private static final Map<String, Choice> ALL = read();

    private Kinds() {
    }

    static void register(ObjectMapper mapper) {
        mapper.addMixIn(GraphModel.class, Graphs.class);
        mapper.addMixIn(ComputeTime.class, ComputeTimes.class);
        mapper.addMixIn(Latency.class, Latencies.class);
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
            for (Map.Entry<String, JsonNode> e : new ObjectMapper(new YAMLFactory()).readTree(in).properties()) {
                Map<String, ObjectNode> choices = new LinkedHashMap<>();
                e.getValue().get("choices").properties().forEach(c -> choices.put(c.getKey(), (ObjectNode) c.getValue()));
                all.put(e.getKey(), new Choice(e.getKey(), e.getValue().get("key").asText(), choices));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
