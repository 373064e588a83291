package coterie.model.base.gguf;

import static coterie.model.base.gguf.GgufTokens.NORMAL;
import static coterie.model.base.gguf.GgufTokens.PREFIX;
import static coterie.model.base.gguf.GgufTokens.UNKNOWN;
import static coterie.model.base.gguf.GgufTokens.USER_DEFINED;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.gguf.GgufFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A SentencePiece tokenizer of kind BPE in a GGUF file's metadata, as a {@code tokenizer.json}. SentencePiece joins the
 * two neighbours that make the token with the highest score; a {@code tokenizer.json} lists the pairs in their order.
 */
final class GgufSentencePiece {
    private static final String SPACE = "\u2581";

    private GgufSentencePiece() {}

    /**
     * The tokenizer.
     *
     * @throws IOException with the key that is missing, wrong or not supported
     */
    static ObjectNode json(GgufTokens tokens) throws IOException {
        GgufFile file = tokens.file();
        if (file.has(PREFIX + "precompiled_charsmap") || file.flag(PREFIX + "remove_extra_whitespaces", false)) {
            throw new IOException(file.origin() + ": " + PREFIX + "precompiled_charsmap and " + PREFIX
                    + "remove_extra_whitespaces are not supported: the tokenizer would change the text");
        }
        ObjectNode root = GgufTokens.object();
        root.put("version", "1.0");
        ObjectNode model = tokens.addTo(root);
        model.set("merges", merges(tokens));
        String unknown = unknown(tokens);
        model.put("unk_token", unknown);
        model.put("fuse_unk", unknown != null);
        model.put("byte_fallback", hasAllBytes(tokens));
        // llama.cpp puts a space and the token that begins a text before it, unless the file says otherwise.
        boolean prefix = file.flag(PREFIX + "add_space_prefix", true);
        ArrayNode normalizers = sequence(root, "normalizer", "normalizers");
        if (prefix) {
            normalizers.addObject().put("type", "Prepend").put("prepend", SPACE);
        }
        replace(normalizers, " ", SPACE);
        ArrayNode decoders = sequence(root, "decoder", "decoders");
        replace(decoders, SPACE, " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (prefix) {
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        if (file.flag(PREFIX + "add_bos_token", true)) {
            root.set("post_processor", tokens.begin());
        }
        return root;
    }

    private static ArrayNode sequence(ObjectNode root, String component, String parts) {
        return root.putObject(component).put("type", "Sequence").putArray(parts);
    }

    private static void replace(ArrayNode parts, String from, String to) {
        ObjectNode replace = parts.addObject().put("type", "Replace").put("content", to);
        replace.putObject("pattern").put("String", from);
    }

    private static String unknown(GgufTokens tokens) throws IOException {
        if (tokens.file().has(PREFIX + "unknown_token_id")) {
            return tokens.named("unknown_token_id");
        }
        return IntStream.range(0, tokens.texts().size())
                .filter(id -> tokens.type(id) == UNKNOWN)
                .mapToObj(tokens.texts()::get)
                .findFirst()
                .orElse(null);
    }

    private static boolean hasAllBytes(GgufTokens tokens) {
        return IntStream.range(0, 256)
                .allMatch(b -> tokens.ids().containsKey(String.format(Locale.ROOT, "<0x%02X>", b)));
    }

    /** All pairs of tokens that make a token: by falling score of what they make, then by the ids of the two. */
    private static ArrayNode merges(GgufTokens tokens) throws IOException {
        List<Double> scores = tokens.scores();
        ArrayNode all = GgufTokens.object().arrayNode();
        IntStream.range(0, tokens.texts().size())
                .filter(id -> isPiece(tokens, id))
                .boxed()
                .sorted(Comparator.comparingDouble(id -> -scores.get(id)))
                .forEach(id -> pairs(tokens, tokens.texts().get(id))
                        .forEach(p -> all.addArray().add(p.left).add(p.right)));
        return all;
    }

    /** Control tokens, bytes and unused tokens are never made of others. */
    private static boolean isPiece(GgufTokens tokens, int id) {
        return tokens.type(id) == NORMAL || tokens.type(id) == USER_DEFINED;
    }

    private record Pair(String left, String right, int leftId, int rightId) {}

    private static List<Pair> pairs(GgufTokens tokens, String text) {
        List<Pair> all = new ArrayList<>();
        for (int at = text.offsetByCodePoints(0, text.isEmpty() ? 0 : 1);
                at < text.length();
                at = text.offsetByCodePoints(at, 1)) {
            Integer left = tokens.ids().get(text.substring(0, at));
            Integer right = tokens.ids().get(text.substring(at));
            if (left != null && right != null && isPiece(tokens, left) && isPiece(tokens, right)) {
                all.add(new Pair(text.substring(0, at), text.substring(at), left, right));
            }
        }
        all.sort(Comparator.comparingInt(Pair::leftId).thenComparingInt(Pair::rightId));
        return all;
    }
}
