package coterie.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The content of a {@code tokenizer.json}, validated before it is passed to the native library, which aborts the
 * process on some errors.
 *
 * @param json the JSON, without truncation and padding
 * @param end token that separates documents
 * @param begin token that stands before each document, or null if the model was trained without one
 * @param size one more than the largest id
 * @param plain whether it consists of the same components as that of GPT-2, which are fully validated and lossless; any
 *     other should first be tried in another process and checked for losses
 * @param ids ids of all tokens, including added ones
 * @param prefixSpace whether the pre-tokenizer adds a space before a text; null if it has no such setting
 */
record TokenizerJson(
        String json,
        Special end,
        Special begin,
        int size,
        boolean plain,
        Map<String, Integer> ids,
        Boolean prefixSpace) {
    /** A special token. */
    record Special(String text, int id) {}

    /** Ends of text that models were pretrained with. Some have others as well, which end a turn of a dialogue. */
    private static final List<String> ENDS = List.of(ByteLevel.END_OF_TEXT, "<|end_of_text|>", "<eos>", "</s>");

    private static final ForeignKeys ROOT = new ForeignKeys(
            Set.of(
                    "truncation",
                    "padding",
                    "added_tokens",
                    "normalizer",
                    "pre_tokenizer",
                    "post_processor",
                    "decoder",
                    "model"),
            Set.of("version"),
            Map.of());
    private static final ForeignKeys MODEL = new ForeignKeys(
            Set.of(
                    "type",
                    "vocab",
                    "merges",
                    "dropout",
                    "unk_token",
                    "unk_id",
                    "continuing_subword_prefix",
                    "end_of_word_suffix",
                    "fuse_unk",
                    "byte_fallback",
                    "ignore_merges",
                    "max_input_chars_per_word"),
            Set.of(),
            Map.of());
    private static final int SHOWN = 40;
    private static final Set<String> MODELS = Set.of("BPE", "WordPiece", "WordLevel", "Unigram");
    private static final Map<String, Set<String>> COMPONENTS = Map.of(
            "normalizer",
            Set.of(
                    "BertNormalizer",
                    "Strip",
                    "StripAccents",
                    "NFC",
                    "NFD",
                    "NFKC",
                    "NFKD",
                    "Sequence",
                    "Lowercase",
                    "Nmt",
                    "Precompiled",
                    "Replace",
                    "Prepend",
                    "ByteLevel"),
            "pre_tokenizer",
            Set.of(
                    "BertPreTokenizer",
                    "ByteLevel",
                    "CharDelimiterSplit",
                    "Metaspace",
                    "Whitespace",
                    "Sequence",
                    "Split",
                    "Punctuation",
                    "WhitespaceSplit",
                    "Digits",
                    "UnicodeScripts",
                    "FixedLength"),
            "post_processor",
            Set.of("RobertaProcessing", "BertProcessing", "ByteLevel", "TemplateProcessing", "Sequence"),
            "decoder",
            Set.of(
                    "BPEDecoder",
                    "ByteLevel",
                    "WordPiece",
                    "Metaspace",
                    "CTC",
                    "Sequence",
                    "Replace",
                    "Fuse",
                    "Strip",
                    "ByteFallback"));
    private static final Map<String, String> LISTS = Map.of(
            "normalizer",
            "normalizers",
            "pre_tokenizer",
            "pretokenizers",
            "post_processor",
            "processors",
            "decoder",
            "decoders");
    private static final int LARGEST_ID = (1 << 30) - 1;

    /**
     * Checks a file.
     *
     * @param config the file beside it, which may name special tokens
     * @throws IOException if it is invalid; the message gives the component or the token
     */
    static TokenizerJson parse(String text, String origin, TokenizerConfigFile config) throws IOException {
        JsonNode root = ForeignText.json(text, origin);
        ROOT.check(root, origin);
        JsonNode model = root.path("model");
        if (!model.isObject()) {
            throw new IOException(origin + ": model must be an object, found " + ForeignText.brief(model));
        }
        MODEL.check(model, origin + ": model");
        JsonNode type = model.path("type");
        if (!type.isMissingNode() && (!type.isTextual() || !MODELS.contains(type.textValue()))) {
            throw new IOException(origin + ": model.type must be one of "
                    + MODELS.stream().sorted().toList() + ", found " + ForeignText.brief(type));
        }
        for (String part : COMPONENTS.keySet()) {
            component(root.path(part), part, part, origin, 0);
        }
        Map<String, Integer> vocabulary = vocabulary(model, origin);
        boolean merged = merges(model, vocabulary, origin);
        JsonNode dropout = model.path("dropout");
        if (!ForeignKeys.nothing(dropout)) {
            throw new IOException(origin
                    + ": model.dropout must be null: with it the tokens of a text are random, found "
                    + ForeignText.brief(dropout));
        }
        Map<String, Integer> added = addedTokens(root.path("added_tokens"), vocabulary, origin);
        Special end = end(added, config, origin);
        Special begin = begin(root.path("post_processor"), added, config, origin);
        int pieces = model.path("vocab").isArray() ? model.path("vocab").size() : 0;
        int size = Math.max(
                pieces, vocabulary.values().stream().mapToInt(id -> id).max().orElse(0) + 1);
        boolean plain = merged
                && type.asText().equals("BPE")
                && noExtras(model)
                && ForeignKeys.nothing(root.path("normalizer"))
                && byteLevel(root.path("pre_tokenizer"))
                && (ForeignKeys.nothing(root.path("post_processor")) || byteLevel(root.path("post_processor")))
                && byteLevel(root.path("decoder"))
                && root.path("added_tokens").size() == 1
                && IntStream.range(0, 256).allMatch(b -> vocabulary.containsKey(String.valueOf(ByteLevel.symbol(b))));
        return new TokenizerJson(
                withoutTruncation(root, text),
                end,
                begin,
                size,
                plain,
                vocabulary,
                prefixSpace(root.path("pre_tokenizer")));
    }

    private static Boolean prefixSpace(JsonNode preTokenizer) {
        for (JsonNode part : preTokenizer.path("pretokenizers")) {
            Boolean found = prefixSpace(part);
            if (found != null) {
                return found;
            }
        }
        if (preTokenizer.path("prepend_scheme").isTextual()) {
            return !preTokenizer.path("prepend_scheme").asText().equals("never");
        }
        JsonNode flag = preTokenizer.path("add_prefix_space");
        return flag.isBoolean() ? flag.booleanValue() : null;
    }

    /** Removes truncation and padding, which apply to single inputs, not to the text of a user. */
    private static String withoutTruncation(JsonNode root, String text) {
        if (ForeignKeys.nothing(root.path("truncation")) && ForeignKeys.nothing(root.path("padding"))) {
            return text;
        }
        return ((ObjectNode) root).putNull("truncation").putNull("padding").toString();
    }

    private static void component(JsonNode c, String part, String at, String origin, int depth) throws IOException {
        if (c.isMissingNode() || c.isNull()) {
            return;
        }
        JsonNode type = c.path("type");
        if (!c.isObject() || !type.isTextual() || !COMPONENTS.get(part).contains(type.textValue())) {
            throw new IOException(origin + ": " + at + ".type must be one of "
                    + COMPONENTS.get(part).stream().sorted().toList() + ", found "
                    + ForeignText.brief(c.isObject() ? type : c));
        }
        if (type.textValue().equals("Precompiled")
                && (!c.path("precompiled_charsmap").isTextual()
                        || c.path("precompiled_charsmap").textValue().isEmpty())) {
            throw new IOException(origin + ": " + at + ".precompiled_charsmap must be a text, found "
                    + ForeignText.brief(c.path("precompiled_charsmap")));
        }
        if (type.textValue().equals("Sequence")) {
            String key = LISTS.get(part);
            if (!c.path(key).isArray() || depth > 8) {
                throw new IOException(
                        origin + ": " + at + "." + key + " must be a list, found " + ForeignText.brief(c.path(key)));
            }
            for (int i = 0; i < c.path(key).size(); i++) {
                component(c.path(key).get(i), part, at + "." + key + "[" + i + "]", origin, depth + 1);
            }
        }
    }

    private static Map<String, Integer> vocabulary(JsonNode model, String origin) throws IOException {
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
    private static boolean merges(JsonNode model, Map<String, Integer> ids, String origin) throws IOException {
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
    private static Map<String, Integer> addedTokens(JsonNode added, Map<String, Integer> ids, String origin)
            throws IOException {
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

    /** The first of {@link #ENDS} that there is; else the one that the configuration names. */
    private static Special end(Map<String, Integer> added, TokenizerConfigFile config, String origin)
            throws IOException {
        String named = config.token("eos_token");
        for (String end : ENDS) {
            // "</s>" is also a tag of HTML, which is a token of some
            if (added.containsKey(end) && !(end.equals("</s>") && named != null && added.containsKey(named))) {
                return new Special(end, added.get(end));
            }
        }
        if (named == null || !added.containsKey(named)) {
            throw new IOException(origin + " has no end of text: none of its added tokens is one of " + ENDS
                    + (named == null ? "" : " or " + shown(named) + ", which " + config.origin() + " names"));
        }
        return new Special(named, added.get(named));
    }

    /** What the file's template puts before a text, unless the configuration says otherwise. */
    private static Special begin(
            JsonNode processor, Map<String, Integer> added, TokenizerConfigFile config, String origin)
            throws IOException {
        Boolean wanted = config.begins();
        String text = template(processor, origin);
        if (Boolean.FALSE.equals(wanted) || wanted == null && text == null) {
            return null;
        }
        if (text == null) {
            text = config.token("bos_token");
        }
        if (text == null || !added.containsKey(text)) {
            throw new IOException(origin + ": the token before a text must be an added token, found "
                    + (text == null ? "no bos_token in " + config.origin() : shown(text)));
        }
        return new Special(text, added.get(text));
    }

    /** The token that a TemplateProcessing puts before a text; null if there is none. */
    private static String template(JsonNode processor, String origin) throws IOException {
        for (JsonNode part : processor.path("processors")) {
            String found = template(part, origin);
            if (found != null) {
                return found;
            }
        }
        if (!processor.path("type").asText().equals("TemplateProcessing")) {
            return null;
        }
        String before = null;
        for (JsonNode piece : processor.path("single")) {
            if (piece.has("Sequence")) {
                return before;
            }
            if (before != null) {
                throw new IOException(origin + ": post_processor.single has more than one token before a text, found "
                        + ForeignText.brief(processor.path("single")));
            }
            before = piece.path("SpecialToken").path("id").asText();
        }
        return null;
    }

    private static boolean noExtras(JsonNode model) {
        for (String key : new String[] {
            "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "fuse_unk"
        }) {
            if (!ForeignKeys.nothing(model.path(key))) {
                return false;
            }
        }
        JsonNode ignore = model.path("ignore_merges");
        return ignore.isMissingNode() || ignore.isBoolean();
    }

    private static boolean byteLevel(JsonNode component) {
        if (!component.path("type").asText().equals("ByteLevel")) {
            return false;
        }
        for (Map.Entry<String, JsonNode> e : component.properties()) {
            if (!e.getKey().equals("type")
                    && !(Set.of("add_prefix_space", "trim_offsets", "use_regex").contains(e.getKey())
                            && e.getValue().isBoolean())) {
                return false;
            }
        }
        return component.has("add_prefix_space") && component.has("trim_offsets");
    }

    private static String shown(String token) {
        return '"' + Shown.of(token, SHOWN) + '"';
    }
}
