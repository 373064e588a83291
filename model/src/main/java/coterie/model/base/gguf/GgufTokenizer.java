package coterie.model.base.gguf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.gguf.GgufFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tokenizer in a GGUF file's metadata as the {@code tokenizer.json} that it was made from: byte-level BPE. How text
 * is split into words stands there by name only; names that are not known are refused.
 */
final class GgufTokenizer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "tokenizer.ggml.";
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

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
    static ObjectNode json(GgufFile file) throws IOException {
        String model = file.text(PREFIX + "model");
        if (!model.equals("gpt2")) {
            throw new IOException(file.origin() + ": " + PREFIX + "model must be gpt2 (byte-level BPE), found " + model
                    + "; save the model with its tokenizer.json instead");
        }
        if (file.flag(PREFIX + "add_space_prefix", false)) {
            throw new IOException(file.origin() + ": " + PREFIX + "add_space_prefix must be false, found true");
        }
        String pre = file.has(PREFIX + "pre") ? file.text(PREFIX + "pre") : "gpt-2";
        Words words = WORDS.get(pre);
        if (words == null) {
            throw new IOException(
                    file.origin() + ": " + PREFIX + "pre must be one of " + WORDS.keySet() + ", found " + pre);
        }
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        tokens(file, root);
        root.set("normalizer", words.nfc ? JSON.createObjectNode().put("type", "NFC") : null);
        root.set("pre_tokenizer", preTokenizer(words));
        root.set("decoder", byteLevel(true));
        // llama.cpp puts the token before a text for Llama 3 unless the file says otherwise, for others if it says so.
        if (file.flag(PREFIX + "add_bos_token", pre.equals("llama-bpe") || pre.equals("llama3"))) {
            root.set("post_processor", begin(file));
        }
        ((ObjectNode) root.get("model")).put("ignore_merges", words.ignoresMerges);
        return root;
    }

    private static void tokens(GgufFile file, ObjectNode root) throws IOException {
        List<String> tokens = file.texts(PREFIX + "tokens");
        List<Long> types = file.has(PREFIX + "token_type") ? file.counts(PREFIX + "token_type") : null;
        if (types != null && types.size() != tokens.size()) {
            throw new IOException(file.origin() + ": " + PREFIX + "token_type has " + types.size() + " entries, "
                    + PREFIX + "tokens " + tokens.size());
        }
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            if (vocabulary.has(token)) {
                throw new IOException(file.origin() + ": " + PREFIX + "tokens[" + id + "] is also token "
                        + vocabulary.get(token).asInt());
            }
            vocabulary.put(token, id);
            long type = types == null ? NORMAL : types.get(id);
            if (type == CONTROL || type == USER_DEFINED) {
                added.addObject()
                        .put("id", id)
                        .put("content", token)
                        .put("special", type == CONTROL)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false);
            }
        }
        ArrayNode merges = model.putArray("merges");
        file.texts(PREFIX + "merges").forEach(merges::add);
    }

    private static ObjectNode begin(GgufFile file) throws IOException {
        List<String> tokens = file.texts(PREFIX + "tokens");
        int id = file.count(PREFIX + "bos_token_id");
        if (id >= tokens.size()) {
            throw new IOException(file.origin() + ": " + PREFIX + "bos_token_id must be less than " + tokens.size()
                    + ", the number of tokens, found " + id);
        }
        String token = tokens.get(id);
        ObjectNode template = JSON.createObjectNode().put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        template.putArray("pair")
                .addObject()
                .putObject("Sequence")
                .put("id", "A")
                .put("type_id", 0);
        ObjectNode special =
                template.putObject("special_tokens").putObject(token).put("id", token);
        special.putArray("ids").add(id);
        special.putArray("tokens").add(token);
        return template;
    }

    private static ObjectNode preTokenizer(Words words) {
        if (!words.singleDigits && words.split == null) {
            return byteLevel(true);
        }
        ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
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
        return JSON.createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", words);
    }
}
