package coterie.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** The components of a {@code tokenizer.json} that stand around its model: which there are, and what they do. */
final class TokenizerComponents {
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

    private TokenizerComponents() {}

    /**
     * Checks that the native library knows all components.
     *
     * @throws IOException if it does not; the message gives the component
     */
    static void check(JsonNode root, String origin) throws IOException {
        for (String part : COMPONENTS.keySet()) {
            check(root.path(part), part, part, origin, 0);
        }
    }

    private static void check(JsonNode c, String part, String at, String origin, int depth) throws IOException {
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
                check(c.path(key).get(i), part, at + "." + key + "[" + i + "]", origin, depth + 1);
            }
        }
    }

    /** Whether a pre-tokenizer adds a space before a text; null if it has no such setting. */
    static Boolean prefixSpace(JsonNode preTokenizer) {
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

    /** The token that a post-processor puts before a text; null if there is none. */
    static String before(JsonNode processor, String origin) throws IOException {
        for (JsonNode part : processor.path("processors")) {
            String found = before(part, origin);
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

    /** Whether a component is the byte-level one, with no settings but those of GPT-2. */
    static boolean isByteLevel(JsonNode component) {
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
}
