package coterie.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A byte-level BPE vocabulary: tokens by id, including {@code <|endoftext|>}, and the merges in order. */
public final class BpeVocabulary {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final List<String> tokens;
    private final int endOfText;
    private final List<String[]> merges;

    /** Creates a vocabulary whose last token is the end of text. */
    BpeVocabulary(List<String> symbols, List<String[]> merges) {
        this(Stream.concat(symbols.stream(), Stream.of(ByteLevel.END_OF_TEXT)).toList(), symbols.size(), merges);
    }

    private BpeVocabulary(List<String> tokens, int endOfText, List<String[]> merges) {
        this.tokens = List.copyOf(tokens);
        this.endOfText = endOfText;
        this.merges = List.copyOf(merges);
    }

    /** Returns the number of tokens, including the end of text. */
    public int size() {
        return tokens.size();
    }

    /**
     * Reads {@code vocab.json} and {@code merges.txt} as used by GPT-2.
     *
     * @throws IOException if a file cannot be read or is invalid; the message gives the token or the line
     */
    public static BpeVocabulary read(Path vocab, Path merges) throws IOException {
        JsonNode map = ForeignText.json(vocab);
        String[] byId = new String[map.size()];
        for (Map.Entry<String, JsonNode> e : map.properties()) {
            JsonNode v = e.getValue();
            if (!v.isIntegralNumber() || !v.canConvertToInt() || v.intValue() < 0) {
                throw new IOException(vocab + ": the id of token \"" + e.getKey()
                        + "\" must be a whole number of at least 0, found " + ForeignText.brief(v));
            }
            int id = v.intValue();
            if (id < byId.length && byId[id] != null) {
                throw new IOException(
                        vocab + ": tokens \"" + byId[id] + "\" and \"" + e.getKey() + "\" have the same id " + id);
            }
            if (id < byId.length) {
                byId[id] = e.getKey();
            }
        }
        int hole = Arrays.asList(byId).indexOf(null);
        if (hole >= 0) {
            throw new IOException(vocab + ": no token has id " + hole + "; the " + byId.length + " ids must be 0 to "
                    + (byId.length - 1));
        }
        int end = Arrays.asList(byId).indexOf(ByteLevel.END_OF_TEXT);
        if (end < 0) {
            throw new IOException(vocab + " has no token " + ByteLevel.END_OF_TEXT);
        }
        return new BpeVocabulary(Arrays.asList(byId), end, merges(merges, Set.of(byId), vocab));
    }

    private static List<String[]> merges(Path file, Set<String> tokens, Path vocab) throws IOException {
        List<String[]> pairs = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        int n = 0;
        for (String line : ForeignText.read(file).split("\r\n|\n|\r", -1)) {
            n++;
            if (line.isBlank() || line.startsWith("#version")) {
                continue;
            }
            String[] pair = line.split(" ", -1);
            if (pair.length != 2) {
                throw new IOException(file + ": line " + n + ": a merge is two symbols, found \"" + line + "\"");
            }
            for (String token : new String[] {pair[0], pair[1], pair[0] + pair[1]}) {
                if (!tokens.contains(token)) {
                    throw new IOException(file + ": line " + n + ": merge \"" + line + "\" needs token \"" + token
                            + "\", which is not in " + vocab);
                }
            }
            Integer before = lines.putIfAbsent(line, n);
            if (before != null) {
                throw new IOException(file + ": line " + n + ": merge \"" + line + "\" is also in line " + before);
            }
            pairs.add(pair);
        }
        return pairs;
    }

    /** Returns the vocabulary as a {@code tokenizer.json} of Hugging Face. */
    public String toTokenizerJson() {
        return toTokenizerJson(false);
    }

    /** @param prefixSpace whether a space is added before the first word of a text */
    String toTokenizerJson(boolean prefixSpace) {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ObjectNode end = root.putArray("added_tokens").addObject();
        end.put("id", endOfText).put("content", ByteLevel.END_OF_TEXT).put("special", true);
        end.put("single_word", false).put("lstrip", false).put("rstrip", false).put("normalized", false);
        root.putNull("normalizer");
        root.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", true)
                .put("use_regex", true);
        root.putNull("post_processor");
        root.putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", true)
                .put("trim_offsets", true)
                .put("use_regex", true);
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE").putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "").put("fuse_unk", false);
        ObjectNode vocab = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocab.put(tokens.get(id), id);
        }
        ArrayNode list = model.putArray("merges");
        merges.forEach(m -> list.add(m[0] + " " + m[1]));
        return root.toString();
    }
}
