package coterie.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import java.io.IOException;
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
    private static final Set<String> MODELS = Set.of("BPE", "WordPiece", "WordLevel", "Unigram");

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
        TokenizerComponents.check(root, origin);
        Map<String, Integer> vocabulary = TokenizerVocabulary.read(model, origin);
        boolean merged = TokenizerVocabulary.checkMerges(model, vocabulary, origin);
        JsonNode dropout = model.path("dropout");
        if (!ForeignKeys.nothing(dropout)) {
            throw new IOException(origin
                    + ": model.dropout must be null: with it the tokens of a text are random, found "
                    + ForeignText.brief(dropout));
        }
        Map<String, Integer> added = TokenizerVocabulary.readAdded(root.path("added_tokens"), vocabulary, origin);
        Special end = end(added, config, origin);
        Special begin = begin(root.path("post_processor"), added, config, origin);
        int pieces = model.path("vocab").isArray() ? model.path("vocab").size() : 0;
        int size = Math.max(
                pieces, vocabulary.values().stream().mapToInt(id -> id).max().orElse(0) + 1);
        boolean plain = merged
                && type.asText().equals("BPE")
                && noExtras(model)
                && ForeignKeys.nothing(root.path("normalizer"))
                && TokenizerComponents.isByteLevel(root.path("pre_tokenizer"))
                && (ForeignKeys.nothing(root.path("post_processor"))
                        || TokenizerComponents.isByteLevel(root.path("post_processor")))
                && TokenizerComponents.isByteLevel(root.path("decoder"))
                && root.path("added_tokens").size() == 1
                && IntStream.range(0, 256).allMatch(b -> vocabulary.containsKey(String.valueOf(ByteLevel.symbol(b))));
        return new TokenizerJson(
                withoutTruncation(root, text),
                end,
                begin,
                size,
                plain,
                vocabulary,
                TokenizerComponents.prefixSpace(root.path("pre_tokenizer")));
    }

    /** Removes truncation and padding, which apply to single inputs, not to the text of a user. */
    private static String withoutTruncation(JsonNode root, String text) {
        if (ForeignKeys.nothing(root.path("truncation")) && ForeignKeys.nothing(root.path("padding"))) {
            return text;
        }
        return ((ObjectNode) root).putNull("truncation").putNull("padding").toString();
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
                    + (named == null
                            ? ""
                            : " or " + TokenizerVocabulary.shown(named) + ", which " + config.origin() + " names"));
        }
        return new Special(named, added.get(named));
    }

    /** What the file's template puts before a text, unless the configuration says otherwise. */
    private static Special begin(
            JsonNode processor, Map<String, Integer> added, TokenizerConfigFile config, String origin)
            throws IOException {
        Boolean wanted = config.begins(!ForeignKeys.nothing(processor));
        String text = TokenizerComponents.before(processor, origin);
        if (Boolean.FALSE.equals(wanted) || wanted == null && text == null) {
            return null;
        }
        if (text == null) {
            text = config.token("bos_token");
        }
        if (text == null || !added.containsKey(text)) {
            throw new IOException(origin + ": the token before a text must be an added token, found "
                    + (text == null ? "no bos_token in " + config.origin() : TokenizerVocabulary.shown(text)));
        }
        return new Special(text, added.get(text));
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
}
