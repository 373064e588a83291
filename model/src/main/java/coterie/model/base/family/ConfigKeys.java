package coterie.model.base.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import coterie.model.base.DecoderConfig.Activation;
import coterie.model.base.Rotation;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a {@code config.json}, with the checks that families share. Messages name file, key, found and allowed.
 */
final class ConfigKeys {
    /** Keys that no family honours, and what they would do. */
    private static final Map<String, String> REFUSED = Map.of(
            "add_cross_attention", "blocks would attend to an encoder",
            "is_encoder_decoder", "blocks would attend to an encoder",
            "quantization_config", "weights would be read as quantised numbers",
            "pruned_heads", "attention heads would be left out",
            "auto_map", "the model would be code of its own",
            "rope_scaling", "positions would be rotated",
            "rope_interleaved", "pairs of neighbouring numbers would be rotated",
            "use_bidirectional_attention", "tokens would attend to later ones");
    /** Names of activations in transformers. */
    private static final Map<String, Activation> ACTIVATIONS = Map.of(
            "gelu_new", Activation.GELU_TANH,
            "gelu_pytorch_tanh", Activation.GELU_TANH,
            "gelu_fast", Activation.GELU_TANH,
            "gelu_accurate", Activation.GELU_TANH,
            "gelu", Activation.GELU,
            "gelu_python", Activation.GELU,
            "silu", Activation.SILU,
            "swish", Activation.SILU);

    /** Far more than any model has. */
    private static final int MOST_LAYERS = 10_000;

    private final JsonNode json;
    private final String file;

    private ConfigKeys(JsonNode json, String file) {
        this.json = json;
        this.file = file;
    }

    /**
     * The keys of a file.
     *
     * @param honoured keys that the family reads
     * @throws IOException with the first key that is neither honoured nor known to have no effect
     */
    static ConfigKeys of(JsonNode json, String file, Set<String> honoured) throws IOException {
        Set<String> all = new HashSet<>(honoured);
        all.add("model_type");
        all.add("tie_word_embeddings");
        new ForeignKeys(all, InertKeys.KEYS, REFUSED).check(json, file);
        return new ConfigKeys(json, file);
    }

    /** A mistake in the file. */
    IOException refusal(String what) {
        return new IOException(file + ": " + what);
    }

    private static boolean absent(JsonNode v) {
        return v.isMissingNode() || v.isNull();
    }

    boolean has(String key) {
        return !absent(json.path(key));
    }

    /** A whole number of at least {@code least}. */
    int count(String key, int least) throws IOException {
        int n = ForeignKeys.count(json.path(key), key, file);
        if (n < least) {
            throw refusal(key + " must be at least " + least + ", found " + n);
        }
        return n;
    }

    int count(String key) throws IOException {
        return count(key, 1);
    }

    /** A whole number under either of two names. */
    int count(String key, String alias, int least) throws IOException {
        JsonNode own = json.path(key);
        JsonNode other = json.path(alias);
        if (!own.isMissingNode() && !other.isMissingNode() && !own.equals(other)) {
            throw refusal(key + " is " + ForeignText.brief(own) + ", but " + alias + ", which means the same, is "
                    + ForeignText.brief(other));
        }
        return count(own.isMissingNode() && !other.isMissingNode() ? alias : key, least);
    }

    /** Number of blocks. */
    int layers(String key) throws IOException {
        return layers(key, key);
    }

    /** Number of blocks, under either of two names. */
    int layers(String key, String alias) throws IOException {
        int n = count(key, alias, 1);
        if (n > MOST_LAYERS) {
            throw refusal(key + " must be at most " + MOST_LAYERS + ", found " + n);
        }
        return n;
    }

    int countOr(String key, int standard) throws IOException {
        return has(key) ? count(key) : standard;
    }

    boolean flag(String key, boolean standard) throws IOException {
        return ForeignKeys.flag(json, key, standard, file);
    }

    /** A number greater than 0. */
    double positive(String key, double standard) throws IOException {
        return positive(json, key, key, standard);
    }

    private double positive(JsonNode object, String key, String shown, double standard) throws IOException {
        double x = ForeignKeys.number(object, key, standard, file);
        if (!(x > 0)) {
            throw refusal(shown + " must be greater than 0, found " + x);
        }
        return x;
    }

    /** A number greater than 0, or 0 if the key is absent. */
    double positiveOrNone(String key) throws IOException {
        return has(key) ? positive(key, 1) : 0;
    }

    /** @param allowed the family's, by transformers' names; the first is the default */
    Activation activation(String key, String... allowed) throws IOException {
        String found = ForeignKeys.text(json, key, allowed[0], file);
        if (!List.of(allowed).contains(found)) {
            throw refusal(key + " must be one of "
                    + List.of(allowed).stream().sorted().toList() + ", found " + found);
        }
        return ACTIVATIONS.get(found);
    }

    /** Requires that a width is the product of two numbers, and returns the other. */
    int divided(String key, int width, String by, int parts) throws IOException {
        if (width % parts != 0) {
            throw refusal(key + " must be a multiple of " + by + " (" + parts + "), found " + width);
        }
        return width / parts;
    }

    /** Number of key and value heads, which divides that of heads. */
    int keyValueHeads(int heads) throws IOException {
        int n = countOr("num_key_value_heads", heads);
        if (heads % n != 0) {
            throw refusal("num_key_value_heads must divide num_attention_heads (" + heads + "), found " + n);
        }
        return n;
    }

    /** {@code head_dim}, by default the width divided by the heads; even, since it rotates. */
    int headWidth(int width, int heads) throws IOException {
        int n = has("head_dim") ? count("head_dim") : divided("hidden_size", width, "num_attention_heads", heads);
        if (n % 2 != 0) {
            throw refusal("head_dim must be even, found " + n);
        }
        return n;
    }

    /** An even whole number. */
    int evenOr(String key, int standard) throws IOException {
        int n = countOr(key, standard);
        if (n % 2 != 0) {
            throw refusal(key + " must be even, found " + n);
        }
        return n;
    }

    /** A number greater than 0 under either of two names. */
    double same(String key, String alias, double standard) throws IOException {
        double own = positive(key, positive(alias, standard));
        double other = positive(alias, own);
        if (own != other) {
            throw refusal(key + " is " + own + ", but " + alias + ", which means the same, is " + other);
        }
        return own;
    }

    /** A soft cap: a number greater than 0, or null for none, which is returned as 0. */
    double capOr(String key, double standard) throws IOException {
        return json.has(key) ? positiveOrNone(key) : standard;
    }

    /** A window: a whole number of at least 1, or null for none, which is returned as 0. */
    int windowOr(String key, int standard) throws IOException {
        return json.has(key) ? countOr(key, 0) : standard;
    }

    /**
     * The window of each layer, 0 for none, of a family in which one layer of so many has none.
     *
     * @param pattern layers of which the last has none, unless {@code layer_types} says otherwise
     */
    List<Integer> windows(int layers, int pattern) throws IOException {
        List<Boolean> types = layerTypes(layers);
        int window = windowOr("sliding_window", 4096);
        List<Integer> all = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            boolean sliding = types == null ? (l + 1) % pattern != 0 : types.get(l);
            if (sliding && window == 0) {
                throw refusal("sliding_window must be a whole number from 1, since layer " + l + " slides, found null");
            }
            all.add(sliding ? window : 0);
        }
        return all;
    }

    /** The window of each layer, 0 for none, of a family with {@code use_sliding_window}. */
    List<Integer> windows(int layers) throws IOException {
        List<Boolean> types = layerTypes(layers);
        int window = flag("use_sliding_window", false) ? windowOr("sliding_window", 4096) : 0;
        int first = json.hasNonNull("max_window_layers") ? whole("max_window_layers") : 28;
        List<Integer> all = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            boolean sliding = types == null ? window > 0 && l >= first : types.get(l);
            if (sliding && window == 0) {
                throw refusal("layer_types says that layer " + l + " slides, but use_sliding_window or sliding_window"
                        + " that there is no window");
            }
            all.add(sliding ? window : 0);
        }
        return all;
    }

    private int whole(String key) throws IOException {
        JsonNode v = json.path(key);
        if (!v.isIntegralNumber() || !v.canConvertToInt() || v.intValue() < 0) {
            throw refusal(key + " must be a whole number from 0, found " + ForeignText.brief(v));
        }
        return v.intValue();
    }

    /** A list of texts of one per layer, each one of two; null if the key is absent. */
    List<Boolean> layerTypes(int layers) throws IOException {
        JsonNode types = json.path("layer_types");
        if (absent(types)) {
            return null;
        }
        List<Boolean> sliding = new ArrayList<>();
        for (JsonNode t : types) {
            if (!t.asText().equals("sliding_attention") && !t.asText().equals("full_attention")) {
                throw refusal(
                        "layer_types must hold full_attention and sliding_attention, found " + ForeignText.brief(t));
            }
            sliding.add(t.asText().equals("sliding_attention"));
        }
        if (!types.isArray() || sliding.size() != layers) {
            throw refusal("layer_types must be a list of " + layers + " (num_hidden_layers), found "
                    + (types.isArray() ? sliding.size() : ForeignText.brief(types)));
        }
        return sliding;
    }

    /**
     * The rotation of positions, in either dialect: {@code rope_theta} with {@code rope_scaling}, or
     * {@code rope_parameters}.
     *
     * @param headWidth numbers of a head
     * @param share of them that rotate
     * @param theta default of θ
     */
    Rotation rotation(int headWidth, double share, double theta) throws IOException {
        JsonNode nested = json.path("rope_parameters");
        if (!absent(nested)) {
            return rotation(nested, "rope_parameters", headWidth, share, thetaOr(theta));
        }
        JsonNode scaling = json.path("rope_scaling");
        return rotation(scaling, "rope_scaling", headWidth, share, thetaOr(theta));
    }

    private double thetaOr(double standard) throws IOException {
        return positive("rope_theta", standard);
    }

    /**
     * The rotation of one type of layer, whose dialects are {@code rope_parameters} nested by type, or keys of its own.
     *
     * @param type {@code full_attention} or {@code sliding_attention}
     * @param key of θ in the older dialect
     * @param scaled whether {@code rope_scaling} applies to it there
     */
    Rotation rotation(String type, int headWidth, String key, double theta, boolean scaled) throws IOException {
        JsonNode nested = json.path("rope_parameters");
        if (!absent(nested)) {
            return rotation(nested.path(type), "rope_parameters." + type, headWidth, 1, positive(key, theta));
        }
        JsonNode scaling = scaled ? json.path("rope_scaling") : json.path("");
        return rotation(scaling, "rope_scaling", headWidth, 1, positive(key, theta));
    }

    private Rotation rotation(JsonNode given, String at, int headWidth, double share, double theta) throws IOException {
        JsonNode v = absent(given) ? JsonNodeFactory.instance.objectNode() : given;
        if (!v.isObject()) {
            throw refusal(at + " must be an object, found " + ForeignText.brief(v));
        }
        double base = positive(v, "rope_theta", at + ".rope_theta", theta);
        if (v.hasNonNull("rope_theta") && has("rope_theta") && base != theta) {
            throw refusal(at + ".rope_theta is " + base + ", but rope_theta is " + theta);
        }
        double part = positive(v, "partial_rotary_factor", at + ".partial_rotary_factor", share);
        int width = (int) (headWidth * part);
        if (width < 2 || width % 2 != 0 || width > headWidth) {
            throw refusal("the share of a head that rotates must give an even number of its " + headWidth
                    + " numbers, found " + part);
        }
        return new Rotation(width, base, scaling(v, at));
    }

    private Rotation.Scaling scaling(JsonNode v, String at) throws IOException {
        String type = ForeignKeys.text(v, "rope_type", ForeignKeys.text(v, "type", "default", file), file);
        Set<String> keys = switch (type) {
            case "default" -> Set.of();
            case "linear" -> Set.of("factor");
            case "llama3" ->
                Set.of("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings");
            default -> throw refusal(at + ".rope_type must be one of [default, linear, llama3], found " + type);
        };
        Set<String> known = new HashSet<>(keys);
        known.addAll(Set.of("rope_type", "type", "rope_theta", "partial_rotary_factor"));
        new ForeignKeys(known, Set.of(), Map.of()).check(v, file + ": " + at);
        for (String key : keys) {
            if (!v.hasNonNull(key)) {
                throw refusal(at + " of type " + type + " must have " + key);
            }
        }
        if (type.equals("default")) {
            return new Rotation.Plain();
        }
        double factor = positive(v, "factor", at + ".factor", 1);
        if (type.equals("linear")) {
            return new Rotation.Linear(factor);
        }
        double low = positive(v, "low_freq_factor", at + ".low_freq_factor", 1);
        double high = positive(v, "high_freq_factor", at + ".high_freq_factor", 1);
        if (high <= low) {
            throw refusal(at + ".high_freq_factor must be greater than low_freq_factor (" + low + "), found " + high);
        }
        String original = "original_max_position_embeddings";
        return new Rotation.Llama3(factor, low, high, positive(v, original, at + "." + original, 1));
    }
}
