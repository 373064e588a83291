package coterie.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.ForeignText;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The tokens of a {@code tokenizer.json}: those of its model, their merges, and those added to them. */
final class TokenizerVocabulary {
    private static final int SHOWN = 40;
    private static final int LARGEST_ID = (1 << 30) - 1;

    private TokenizerVocabulary() {}

    /**
     * Reads the tokens of a model.
     *
     * @return ids, to which {@link #readAdded} adds
     */
    static Map<String, Integer> read(JsonNode model, String origin) throws IOException {
        JsonNode vocab = model.path("vocab");
        Map<String, Integer> ids = new HashMap<>();
        Set<Integer> taken = new HashSet<>();
        if (vocab.isArray()) {
            for (int i = 0; i < vocab.size(); i++) {
                JsonNode pair = vocab.get(i);
                if (!pair.isArray()
                        || pair.size() != 2
                        || !pair.get(0).isTextual()
                        || !pair.get(1).isNumber()) {
                    throw new IOException(origin + ": model.vocab[" + i + "] must be a piece and its score, found "
                            + ForeignText.brief(pair));
                }
                ids.putIfAbsent(pair.get(0).textValue(), i);
            }
            JsonNode unknown = model.path("unk_id");
            if (!unknown.isMissingNode()
                    && !unknown.isNull()
                    && (!unknown.isIntegralNumber()
                            || !unknown.canConvertToInt()
                            || unknown.intValue() < 0
                            || unknown.intValue() >= vocab.size())) {
                throw new IOException(origin + ": model.unk_id must be an id below " + vocab.size() + ", found "
                        + ForeignText.brief(unknown));
            }
        } else if (vocab.isObject()) {
            for (Map.Entry<String, JsonNode> e : vocab.properties()) {
                int id = id(e.getValue(), "model.vocab: id of token " + shown(e.getKey()), origin);
                if (!taken.add(id)) {
                    throw new IOException(origin + ": model.vocab: token " + shown(e.getKey()) + " has id " + id
                            + ", which another token has as well");
                }
                ids.put(e.getKey(), id);
            }
        }
        if (ids.isEmpty()) {
            throw new IOException(origin + ": model.vocab must hold tokens, found " + ForeignText.brief(vocab));
        }
        return ids;
    }

    private static int id(JsonNode v, String what, String origin) throws IOException {
        if (!v.isIntegralNumber() || !v.canConvertToInt() || v.intValue() < 0 || v.intValue() > LARGEST_ID) {
            throw new IOException(origin + ": " + what + " must be a whole number from 0 to " + LARGEST_ID + ", found "
                    + ForeignText.brief(v));
        }
        return v.intValue();
    }

    /**
     * Checks the merges, if there are any.
     *
     * @return whether there are merges, all between known tokens and into a known one
     */
    static boolean checkMerges(JsonNode model, Map<String, Integer> ids, String origin) throws IOException {
        JsonNode merges = model.path("merges");
        if (merges.isMissingNode() || merges.isNull()) {
            return false;
        }
        if (!merges.isArray()) {
            throw new IOException(origin + ": model.merges must be a list, found " + ForeignText.brief(merges));
        }
        String prefix = model.path("continuing_subword_prefix").asText("");
        for (int i = 0; i < merges.size(); i++) {
            JsonNode m = merges.get(i);
            String[] pair = m.isTextual()
                    ? m.textValue().split(" ", -1)
                    : m.isArray() && m.size() == 2
                            ? new String[] {m.get(0).asText(), m.get(1).asText()}
                            : new String[0];
            if (pair.length != 2) {
                throw new IOException(
                        origin + ": model.merges[" + i + "] must be two tokens, found " + ForeignText.brief(m));
            }
            String tail =
                    !prefix.isEmpty() && pair[1].startsWith(prefix) ? pair[1].substring(prefix.length()) : pair[1];
            for (String token : new String[] {pair[0], pair[1], pair[0] + tail}) {
                if (!ids.containsKey(token)) {
                    throw new IOException(origin + ": model.merges[" + i + "] " + ForeignText.brief(m)
                            + " needs token " + shown(token)
                            + ", which is not in model.vocab");
                }
            }
        }
        return true;
    }

    /**
     * Adds the added tokens to the vocabulary.
     *
     * @return the added tokens and their ids
     */
    static Map<String, Integer> readAdded(JsonNode added, Map<String, Integer> ids, String origin) throws IOException {
        if (!added.isMissingNode() && !added.isNull() && !added.isArray()) {
            throw new IOException(origin + ": added_tokens must be a list, found " + ForeignText.brief(added));
        }
        Map<Integer, String> taken = new HashMap<>();
        ids.forEach((token, id) -> taken.put(id, token));
        Map<String, Integer> all = new HashMap<>();
        for (int i = 0; i < added.size(); i++) {
            JsonNode t = added.get(i);
            String at = "added_tokens[" + i + "]";
            int id = id(t.path("id"), at + ".id", origin);
            if (!t.path("content").isTextual() || t.path("content").textValue().isEmpty()) {
                throw new IOException(
                        origin + ": " + at + ".content must be a text, found " + ForeignText.brief(t.path("content")));
            }
            for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized", "special"}) {
                if (!t.path(flag).isBoolean()) {
                    throw new IOException(origin + ": " + at + "." + flag + " must be true or false, found "
                            + ForeignText.brief(t.path(flag)));
                }
            }
            String content = t.path("content").textValue();
            Integer own = ids.get(content);
            String other = taken.get(id);
            if (all.putIfAbsent(content, id) != null
                    || own != null && own != id
                    || other != null && !other.equals(content)) {
                throw new IOException(origin + ": " + at + ": token " + shown(content) + " has id " + id + ", but "
                        + (own != null && own != id
                                ? "model.vocab gives it " + own
                                : other != null && !other.equals(content)
                                        ? "that is the id of " + shown(other)
                                        : "it appears twice"));
            }
            ids.put(content, id);
            taken.put(id, content);
        }
        return all;
    }

    /** A token in quotes, shortened. */
    static String shown(String token) {
        return '"' + Shown.of(token, SHOWN) + '"';
    }
}
