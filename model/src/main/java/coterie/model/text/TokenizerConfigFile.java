package coterie.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The settings of {@code tokenizer_config.json} that change tokens, as transformers applies it on top of the
 * tokenizer's own files. Most of its keys (limits, chat templates) are unrelated and ignored.
 */
record TokenizerConfigFile(JsonNode json, String origin) {
    private static final String PREFIX_SPACE = "add_prefix_space";

    /**
     * Reads the file in a folder; empty if there is none.
     *
     * @throws IOException if it is not a JSON object
     */
    static TokenizerConfigFile in(Path folder) throws IOException {
        Path file = folder.resolve("tokenizer_config.json");
        return new TokenizerConfigFile(
                Files.exists(file) ? ForeignText.json(file) : MissingNode.getInstance(), file.toString());
    }

    /** Whether a space is added before the first word of a text. */
    boolean prefixSpace() throws IOException {
        return ForeignKeys.flag(json, PREFIX_SPACE, false, origin);
    }

    /** No such file. */
    static final TokenizerConfigFile NONE = new TokenizerConfigFile(MissingNode.getInstance(), "tokenizer_config.json");

    /** No such file, but the token that ends a text is known from elsewhere. */
    static TokenizerConfigFile ending(String end, String origin) {
        return new TokenizerConfigFile(JsonNodeFactory.instance.objectNode().put("eos_token", end), origin);
    }

    /** A special token that it names, as a text or as an object with the text; null if it does not. */
    String token(String key) {
        JsonNode v = json.path(key).isObject() ? json.path(key).path("content") : json.path(key);
        return v.isTextual() ? v.textValue() : null;
    }

    /**
     * Whether a token stands before a text; null if it does not say.
     *
     * <p>transformers' classes for Llama and Gemma put one there if neither this file nor {@code tokenizer.json} says.
     *
     * @param processed whether {@code tokenizer.json} has a post-processor
     */
    Boolean begins(boolean processed) throws IOException {
        if (json.hasNonNull("add_bos_token")) {
            return ForeignKeys.flag(json, "add_bos_token", false, origin);
        }
        boolean standard = json.path("tokenizer_class").asText().matches("(?:Llama|Gemma)Tokenizer(?:Fast)?");
        return standard && !processed ? true : null;
    }

    /**
     * Checks that it agrees with a tokenizer.
     *
     * @throws IOException if it does not; the message gives the key
     */
    void check(TokenizerJson tokenizer, String file) throws IOException {
        Boolean own = tokenizer.prefixSpace();
        boolean given = prefixSpace();
        if (json.hasNonNull(PREFIX_SPACE) && given != Boolean.TRUE.equals(own)) {
            throw new IOException(origin + ": " + PREFIX_SPACE + " is " + given + ", but the pre-tokenizer in " + file
                    + (own == null ? " cannot add a space" : " has " + own) + "; make both agree");
        }
        JsonNode added = json.path("added_tokens_decoder");
        if (!added.isObject() && !ForeignKeys.nothing(added)) {
            throw new IOException(origin + ": added_tokens_decoder must be an object of tokens by id, found "
                    + ForeignText.brief(added));
        }
        for (Map.Entry<String, JsonNode> e : added.properties()) {
            JsonNode token = e.getValue().isObject() ? e.getValue().path("content") : e.getValue();
            Integer id = tokenizer.ids().get(token.asText());
            if (!token.isTextual() || id == null || !e.getKey().equals(id.toString())) {
                throw new IOException(origin + ": added_tokens_decoder: " + ForeignText.brief(token) + " with id "
                        + e.getKey() + (id == null ? " is not a token of " + file : " has id " + id + " in " + file)
                        + "; save the tokenizer with its added tokens as a tokenizer.json");
            }
        }
    }
}
