package coterie.model.base.gguf;

import static coterie.model.base.gguf.GgufTokens.BYTE;
import static coterie.model.base.gguf.GgufTokens.CONTROL;
import static coterie.model.base.gguf.GgufTokens.PREFIX;
import static coterie.model.base.gguf.GgufTokens.UNKNOWN;

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
 * A SentencePiece tokenizer in a GGUF file's metadata, as a {@code tokenizer.json}, by the rules of llama.cpp: of all
 * neighbours, those two are joined that make the token with the highest score. A {@code tokenizer.json} lists the pairs
 * in their order.
 */
final class GgufSentencePiece {
    private static final String SPACE = "\u2581";
    /** Characters of a token. */
    private static final int LONGEST = 1024;

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
        if (tokens.types() == null) {
            throw new IOException(file.origin() + " has no " + PREFIX + "token_type: special tokens are not known");
        }
        ObjectNode root = GgufTokens.object();
        root.put("version", "1.0");
        ObjectNode model = tokens.addTo(root);
        model.set("merges", merges(tokens));
        String unknown = unknown(tokens);
        model.put("unk_token", unknown);
        model.put("fuse_unk", unknown != null);
        model.put("byte_fallback", hasAllBytes(tokens));
        // llama.cpp puts a space before a text, and the token that begins one, unless the file says otherwise.
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

    /**
     * All pairs of tokens that make a token, by falling score of what they make. Where scores are equal, tokens come in
     * the order of their ids, and pairs of one token in that of theirs.
     */
    private static ArrayNode merges(GgufTokens tokens) throws IOException {
        List<Double> scores = tokens.scores();
        List<Integer> joined = new ArrayList<>();
        for (int id = 0; id < tokens.texts().size(); id++) {
            int length = tokens.texts().get(id).length();
            if (length > LONGEST) {
                throw new IOException(tokens.file().origin() + ": " + PREFIX + "tokens[" + id + "] has " + length
                        + " characters; SentencePiece's have at most " + LONGEST);
            }
            if (isPiece(tokens, id) && tokens.texts().get(id).codePointCount(0, length) > 1) {
                joined.add(id);
            }
        }
        if (joined.size() > 1 && joined.stream().map(scores::get).distinct().count() == 1) {
            throw new IOException(tokens.file().origin() + ": " + PREFIX + "scores are all " + scores.get(joined.get(0))
                    + ": they do not say which tokens are joined first; use the model's folder");
        }
        ArrayNode all = GgufTokens.object().arrayNode();
        joined.sort(Comparator.comparingDouble(id -> -scores.get(id)));
        for (int id : joined) {
            for (Pair p : pairs(tokens, tokens.texts().get(id))) {
                all.addArray()
                        .add(tokens.texts().get(p.left))
                        .add(tokens.texts().get(p.right));
            }
        }
        return all;
    }

    /** Special tokens and bytes are not made of others, and nothing is made of them. */
    private static boolean isPiece(GgufTokens tokens, int id) {
        return tokens.type(id) != UNKNOWN && tokens.type(id) != CONTROL && tokens.type(id) != BYTE;
    }

    private record Pair(int left, int right) {}

    private static List<Pair> pairs(GgufTokens tokens, String text) {
        List<Pair> all = new ArrayList<>();
        for (int at = text.offsetByCodePoints(0, 1); at < text.length(); at = text.offsetByCodePoints(at, 1)) {
            Integer left = tokens.ids().get(text.substring(0, at));
            Integer right = tokens.ids().get(text.substring(at));
            if (left != null && right != null && isPiece(tokens, left) && isPiece(tokens, right)) {
                all.add(new Pair(left, right));
            }
        }
        all.sort(Comparator.comparingInt(Pair::left).thenComparingInt(Pair::right));
        return all;
    }
}
