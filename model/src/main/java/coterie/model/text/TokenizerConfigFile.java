package coterie.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What {@code tokenizer_config.json} says that changes tokens: transformers lays it over the tokenizer's own files.
 * Most of its keys are of other uses (limits, templates of chats) and are not looked at.
 */
record TokenizerConfigFile(JsonNode json, String origin) {
    private static final String PREFIX_SPACE = "add_prefix_space";

    /**
     * That of a folder, empty where there is none.
     *
     * @throws IOException where it is no JSON object
     */
    static TokenizerConfigFile in(Path folder) throws IOException {
        Path file = folder.resolve("tokenizer_config.json");
        return new TokenizerConfigFile(
                Files.exists(file) ? ForeignText.json(file) : MissingNode.getInstance(), file.toString());
    }

    /** Whether a text gets a blank before its first word. */
    boolean prefixSpace() throws IOException {
        return ForeignKeys.flag(json, PREFIX_SPACE, false, origin);
    }

    /**
     * Checks that it adds nothing to a tokenizer.
     *
     * @throws IOException with the key where it does
     */
    void check(TokenizerJson tokenizer, String file) throws IOException {
        Boolean own = tokenizer.prefixSpace();
        boolean said = prefixSpace();
        if (json.hasNonNull(PREFIX_SPACE) && said != Boolean.TRUE.equals(own)) {
            throw new IOException(origin + ": " + PREFIX_SPACE + " is " + said + ", but the pre-tokenizer in " + file
                    + (own == null ? " cannot add a blank" : " says " + own) + "; make the two agree");
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
