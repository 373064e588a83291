package coterie.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A byte-level BPE vocabulary: symbols by token id and the merges in order, {@code <|endoftext|>} not among them.
 */
public final class BpeVocabulary {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final List<String> symbols;
    private final List<String[]> merges;

    BpeVocabulary(List<String> symbols, List<String[]> merges) {
        this.symbols = List.copyOf(symbols);
        this.merges = List.copyOf(merges);
    }

    /** Number of tokens, the end of text included. */
    public int size() {
        return symbols.size() + 1;
    }

    /** GPT-2's {@code vocab.json} and {@code merges.txt}. @throws IOException where they are not what their names say */
    public static BpeVocabulary read(Path vocab, Path merges) throws IOException {
        String[] byId = new String[1 << 20];
        int n = 0;
        for (Map.Entry<String, JsonNode> e : JSON.readTree(vocab.toFile()).properties()) {
            int id = e.getValue().asInt(-1);
            if (id < 0 || id >= byId.length || byId[id] != null) {
                throw new IOException(vocab + ": token \"" + e.getKey() + "\" has no id of its own");
            }
            byId[id] = e.getKey();
            n++;
        }
        if (n < 2 || !ByteLevel.END_OF_TEXT.equals(byId[n - 1])) {
            throw new IOException(vocab + ": the last of the " + n + " ids must be " + ByteLevel.END_OF_TEXT + "'s");
        }
        List<String[]> pairs = new ArrayList<>();
        for (String line : Files.readAllLines(merges)) {
            if (line.isEmpty() || line.startsWith("#version")) {
                continue;
            }
            String[] pair = line.split(" ");
            if (pair.length != 2) {
                throw new IOException(merges + ": a merge is two symbols, found \"" + line + "\"");
            }
            pairs.add(pair);
        }
        return new BpeVocabulary(Arrays.asList(byId).subList(0, n - 1), pairs);
    }

    /** As Hugging Face's {@code tokenizer.json}. */
    public String toTokenizerJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ObjectNode end = root.putArray("added_tokens").addObject();
        end.put("id", symbols.size()).put("content", ByteLevel.END_OF_TEXT).put("special", true);
        end.put("single_word", false).put("lstrip", false).put("rstrip", false).put("normalized", false);
        root.putNull("normalizer");
        root.putObject("pre_tokenizer").put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true).put("use_regex", true);
        root.putNull("post_processor");
        root.putObject("decoder").put("type", "ByteLevel").put("add_prefix_space", true).put("trim_offsets", true).put("use_regex", true);
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE").putNull("dropout").putNull("unk_token");
        model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "").put("fuse_unk", false);
        ObjectNode vocab = model.putObject("vocab");
        for (int id = 0; id < symbols.size(); id++) {
            vocab.put(symbols.get(id), id);
        }
        vocab.put(ByteLevel.END_OF_TEXT, symbols.size());
        ArrayNode list = model.putArray("merges");
        merges.forEach(m -> list.add(m[0] + " " + m[1]));
        return root.toString();
    }
}
