package coterie.model.base.gguf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.gguf.GgufFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tokens in a GGUF file's metadata: what tokenizers of all kinds have there.
 *
 * @param texts by id
 * @param types by id, each a {@code token_type}; null if the file does not say
 * @param ids by text
 */
record GgufTokens(GgufFile file, List<String> texts, List<Long> types, Map<String, Integer> ids) {
    static final String PREFIX = "tokenizer.ggml.";
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int BYTE = 6;
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Keys that say how text becomes tokens. */
    private static final Set<String> READ = Set.of(
            "model",
            "pre",
            "tokens",
            "token_type",
            "scores",
            "merges",
            "add_bos_token",
            "add_space_prefix",
            "remove_extra_whitespaces",
            "precompiled_charsmap");
    /** Keys of tokens for dialogues, masks and the like, of which text has none. */
    private static final Pattern INERT = Pattern.compile("\\w+_token_ids?|add_\\w+_token|token_type_count");

    /**
     * Reads the tokens.
     *
     * @throws IOException with the key that is missing, wrong or not known
     */
    static GgufTokens of(GgufFile file) throws IOException {
        for (String key : file.keys()) {
            if (key.startsWith(PREFIX)) {
                String own = key.substring(PREFIX.length());
                if (!READ.contains(own) && !INERT.matcher(own).matches()) {
                    throw new IOException(file.origin() + ": " + key + " is not a known key");
                }
            }
        }
        List<String> texts = file.texts(PREFIX + "tokens");
        List<Long> types = file.has(PREFIX + "token_type") ? file.counts(PREFIX + "token_type") : null;
        if (types != null) {
            sameLength(file, texts, types, "token_type");
            for (int id = 0; id < types.size(); id++) {
                if (types.get(id) < 0 || types.get(id) > BYTE) {
                    throw new IOException(file.origin() + ": " + PREFIX + "token_type[" + id
                            + "] must be a whole number from 0 to " + BYTE + ", found " + types.get(id));
                }
            }
        }
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < texts.size(); id++) {
            Integer other = ids.putIfAbsent(texts.get(id), id);
            if (other != null) {
                throw new IOException(file.origin() + ": " + PREFIX + "tokens[" + id + "] is also token " + other);
            }
        }
        return new GgufTokens(file, texts, types, ids);
    }

    private static void sameLength(GgufFile file, List<?> tokens, List<?> others, String key) throws IOException {
        if (others.size() != tokens.size()) {
            throw new IOException(file.origin() + ": " + PREFIX + key + " has " + others.size() + " entries, " + PREFIX
                    + "tokens " + tokens.size());
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    int type(int id) {
        return types == null ? NORMAL : types.get(id).intValue();
    }

    /** By id; which pair of tokens is joined first follows from them. */
    List<Double> scores() throws IOException {
        List<Double> scores = file.numbers(PREFIX + "scores");
        sameLength(file, texts, scores, "scores");
        return scores;
    }

    /**
     * A token that another key names.
     *
     * @throws IOException if there is no such key, or no such token
     */
    String named(String key) throws IOException {
        int id = file.count(PREFIX + key);
        if (id >= texts.size()) {
            throw new IOException(file.origin() + ": " + PREFIX + key + " must be less than " + texts.size()
                    + ", the number of tokens, found " + id);
        }
        return texts.get(id);
    }

    /** Adds model, vocabulary and added tokens to a {@code tokenizer.json}; returns the model. */
    ObjectNode addTo(ObjectNode root) {
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < texts.size(); id++) {
            vocabulary.put(texts.get(id), id);
            int type = type(id);
            if (type == CONTROL || type == USER_DEFINED) {
                added.addObject()
                        .put("id", id)
                        .put("content", texts.get(id))
                        .put("special", type == CONTROL)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false);
            }
        }
        return model;
    }

    /** A post-processor that puts the token that begins a text before it. */
    ObjectNode begin() throws IOException {
        String token = named("bos_token_id");
        ObjectNode template = object().put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        template.putArray("pair")
                .addObject()
                .putObject("Sequence")
                .put("id", "A")
                .put("type_id", 0);
        ObjectNode special =
                template.putObject("special_tokens").putObject(token).put("id", token);
        special.putArray("ids").add(ids.get(token));
        special.putArray("tokens").add(token);
        return template;
    }
}
