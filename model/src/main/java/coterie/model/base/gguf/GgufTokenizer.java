package coterie.model.base.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.gguf.GgufFile;
import coterie.model.text.Tokenizer;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tokenizer in a GGUF file's metadata as a {@code tokenizer.json}. How byte-level BPE splits text into words stands
 * there by name only; names that are not known are refused.
 */
final class GgufTokenizer {
    private static final String PREFIX = GgufTokens.PREFIX;

    /** How text becomes words. */
    private record Words(boolean nfc, boolean singleDigits, String split, boolean ignoresMerges) {}

    private static final Words GPT2 = new Words(false, false, null, false);
    private static final String LETTERS_AND_SIGNS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** By {@code tokenizer.ggml.pre}. */
    private static final Map<String, Words> WORDS = new TreeMap<>(Map.of(
            "gpt-2", GPT2,
            "gpt2", GPT2,
            // OLMo's tokenizer is that of GPT-NeoX, which Pythia has too.
            "olmo", new Words(true, false, null, false),
            "smollm", new Words(false, true, null, false),
            "llama-bpe", new Words(false, false, LETTERS_AND_SIGNS + "\\p{N}{1,3}" + REST, true),
            "llama3", new Words(false, false, LETTERS_AND_SIGNS + "\\p{N}{1,3}" + REST, true),
            "qwen2", new Words(true, false, LETTERS_AND_SIGNS + "\\p{N}" + REST, false)));

    private GgufTokenizer() {}

    /**
     * The tokenizer.
     *
     * @throws IOException with the key, where it is of another kind
     */
    static Tokenizer read(GgufFile file) throws IOException {
        String model = file.text(PREFIX + "model");
        if (!model.equals("gpt2") && !model.equals("llama")) {
            throw new IOException(file.origin() + ": " + PREFIX + "model must be gpt2 (byte-level BPE) or llama"
                    + " (SentencePiece), found " + model + "; save the model with its tokenizer.json instead");
        }
        GgufTokens tokens = GgufTokens.of(file);
        String json = (model.equals("gpt2") ? byteLevel(tokens) : GgufSentencePiece.json(tokens)).toString();
        String origin = file.origin() + ": its tokenizer";
        return file.has(PREFIX + "eos_token_id")
                ? Tokenizer.ofJson(json, origin, tokens.named("eos_token_id"))
                : Tokenizer.ofJson(json, origin);
    }

    private static ObjectNode byteLevel(GgufTokens tokens) throws IOException {
        GgufFile file = tokens.file();
        if (file.flag(PREFIX + "add_space_prefix", false)) {
            throw new IOException(file.origin() + ": " + PREFIX + "add_space_prefix must be false, found true");
        }
        String pre = file.has(PREFIX + "pre") ? file.text(PREFIX + "pre") : "gpt-2";
        Words words = WORDS.get(pre);
        if (words == null) {
            throw new IOException(
                    file.origin() + ": " + PREFIX + "pre must be one of " + WORDS.keySet() + ", found " + pre);
        }
        ObjectNode root = GgufTokens.object();
        root.put("version", "1.0");
        ObjectNode model = tokens.addTo(root);
        ArrayNode merges = model.putArray("merges");
        file.texts(PREFIX + "merges").forEach(merges::add);
        model.put("ignore_merges", words.ignoresMerges);
        root.set("normalizer", words.nfc ? GgufTokens.object().put("type", "NFC") : null);
        root.set("pre_tokenizer", preTokenizer(words));
        root.set("decoder", byteLevel(true));
        // llama.cpp puts the token before a text for Llama 3 unless the file says otherwise, for others if it says so.
        if (file.flag(PREFIX + "add_bos_token", pre.equals("llama-bpe") || pre.equals("llama3"))) {
            root.set("post_processor", tokens.begin());
        }
        return root;
    }

    private static ObjectNode preTokenizer(Words words) {
        if (!words.singleDigits && words.split == null) {
            return byteLevel(true);
        }
        ObjectNode sequence = GgufTokens.object().put("type", "Sequence");
        ArrayNode parts = sequence.putArray("pretokenizers");
        if (words.singleDigits) {
            parts.addObject().put("type", "Digits").put("individual_digits", true);
            parts.add(byteLevel(true));
        } else {
            ObjectNode split = parts.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", words.split);
            split.put("behavior", "Isolated").put("invert", false);
            parts.add(byteLevel(false));
        }
        return sequence;
    }

    private static ObjectNode byteLevel(boolean words) {
        return GgufTokens.object()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", words);
    }
}
