package coterie.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokenizers from elsewhere: taken as they are or refused in a line, and never the end of this process. */
class ForeignTokenizerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLAIN = new BpeTrainer().train(257).toTokenizerJson();

    @TempDir
    Path folder;

    private static ObjectNode plain() throws IOException {
        return (ObjectNode) JSON.readTree(PLAIN);
    }

    private static ObjectNode model(ObjectNode root) {
        return (ObjectNode) root.get("model");
    }

    private AbstractThrowableAssert<?, ?> refused(JsonNode root) throws IOException {
        return refused(root.toString().getBytes(StandardCharsets.UTF_8));
    }

    private AbstractThrowableAssert<?, ?> refused(byte[] file) throws IOException {
        Files.write(folder.resolve("tokenizer.json"), file);
        return assertThatThrownBy(() -> Tokenizer.in(folder).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokenizer.json");
    }

    /** Components by their path, each with what is put there and what is said of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/model/type | \"Nonsense\" | model.type must be one of",
                "/model/type | null | model.type must be one of",
                "/model | null | model must be an object",
                "/model/vocab | null | model.vocab must hold tokens",
                "/model/vocab | {} | model.vocab must hold tokens",
                "/model/vocab/! | -3 | must be a whole number from 0",
                "/model/vocab/! | 2.5 | must be a whole number from 0",
                "/model/vocab/! | \"3\" | must be a whole number from 0",
                "/model/vocab/! | 4294967296 | must be a whole",
                "/model/vocab/! | 34 | which another token has as well",
                "/model/merges | 3 | model.merges must be a list",
                "/model/merges | [3] | model.merges[0] must be two",
                "/model/merges | [\"a b\"] | needs token \"ab\"",
                "/model/merges | [\"a b c\"] | model.merges[0] must be two",
                "/model/dropout | 0.1 | model.dropout must be null",
                "/model/of_tomorrow | 1 | of_tomorrow is not a known key",
                "/of_tomorrow | 1 | of_tomorrow is not a known key",
                "/normalizer | {\"type\": \"Precompiled\", \"precompiled_charsmap\": null} | charsmap must be a text",
                "/normalizer | {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Precompiled\"}]} | "
                        + "[0].precompiled",
                "/normalizer | {\"type\": \"Sequence\"} | normalizer.normalizers must be a list",
                "/normalizer | {\"type\": \"NFX\"} | normalizer.type must be one of",
                "/normalizer | \"NFC\" | normalizer.type must be one of",
                "/pre_tokenizer | {} | pre_tokenizer.type must be",
                "/decoder | [] | decoder.type must be one of",
                "/post_processor | {\"type\": 3} | post_processor.type must be",
                "/added_tokens | {\"a\": 1} | added_tokens must be a list",
                "/added_tokens | [] | has no end of text: none of its added tokens",
                "/added_tokens | null | has no end of text: none of its added tokens",
                "/added_tokens/0/id | 255 | but model.vocab gives it 256",
                "/added_tokens/0/id | -1 | added_tokens[0].id must be",
                "/added_tokens/0/content | null | added_tokens[0].content must be a text",
                "/added_tokens/0/special | null | added_tokens[0].special must be true or false"
            })
    void whatTheCheckFindsIsNamed(String path, String value, String message) throws IOException {
        ObjectNode root = plain();
        int cut = path.lastIndexOf('/');
        JsonNode parent = cut == 0 ? root : root.at(path.substring(0, cut));
        ((ObjectNode) parent).set(path.substring(cut + 1), JSON.readTree(value));
        refused(root).hasMessageContaining(message);
    }

    /**
     * What only the library can say is said by a process of its own: a panic that would have ended this one, and a
     * refusal.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "normalizer | {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"}",
                "normalizer | {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"%\"}",
                "normalizer | {\"type\": \"Replace\", \"pattern\": {\"Regex\": \"(\"}, \"content\": \"\"}",
                "pre_tokenizer | {\"type\": \"Split\"}",
                "pre_tokenizer | {\"type\": \"ByteLevel\"}",
                "decoder | {\"type\": \"Strip\"}"
            })
    void whatTheLibraryRefusesIsToldInItsWords(String part, String value) throws IOException {
        ObjectNode root = plain();
        root.set(part, JSON.readTree(value));
        refused(root)
                .hasMessageContaining("the tokenizers library does not take it: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aPieceListIsAsLargeAsItIs() throws IOException {
        ObjectNode root = plain();
        root.set(
                "pre_tokenizer",
                JSON.readTree("{\"type\": \"Metaspace\", \"replacement\": \"\u2581\", \"prepend_scheme\": \"always\","
                        + " \"split\": true}"));
        root.set("decoder", root.get("pre_tokenizer"));
        ObjectNode model =
                root.putObject("model").put("type", "Unigram").put("unk_id", 0).put("byte_fallback", false);
        ArrayNode pieces = model.putArray("vocab");
        for (String p : new String[] {"<unk>", "\u2581", "a", "b", "\u2581ab"}) {
            pieces.addArray().add(p).add(-1.5);
        }
        for (char c = '!'; c <= '~'; c++) {
            if (c != 'a' && c != 'b') {
                pieces.addArray().add(String.valueOf(c)).add(-1.5);
            }
        }
        for (int i = pieces.size(); i < 601; i++) {
            pieces.addArray().add("piece" + i).add(-9.0);
        }
        ObjectNode end = (ObjectNode) root.get("added_tokens").get(0);
        end.put("id", 601);
        Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        try (Tokenizer t = Tokenizer.in(folder)) {
            assertThat(t.size()).isEqualTo(602);
            assertThat(t.encode("ab a")).containsExactly(4, 1, 2);
        }
        end.put("id", 700);
        refused(root).hasMessageContaining("<|endoftext|> has id 700 there, but the tokenizers library reads [601]");
        model.put("unk_id", 601);
        refused(root).hasMessageContaining("model.unk_id must be an id below 601");
        model.put("unk_id", 0);
        pieces.insertArray(0).add(3);
        refused(root).hasMessageContaining("model.vocab[0] must be a piece and its score");
    }

    @Test
    void aTextThatATokenizerCannotEncodeIsToldInALine() throws IOException {
        ObjectNode root = plain();
        wordPieces(root).put("unk_token", "none");
        refused(root).hasMessageContaining("the tokenizers library does not take it");
        wordPieces(root);
        Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        try (Tokenizer t = Tokenizer.in(folder)) {
            assertThat(t.encode("\u4f60")).containsExactly(0);
            assertThat(t.decode(t.encode("Wait (here)  now."))).isEqualTo("Wait ( here ) now.");
        }
    }

    /**
     * Makes it one of words from printable characters.
     *
     * @return its model
     */
    private static ObjectNode wordPieces(ObjectNode root) {
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        ObjectNode model = root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode vocab = model.putObject("vocab").put("[UNK]", 0);
        for (char c = '!'; c <= '~'; c++) {
            vocab.put(String.valueOf(c), vocab.size()).put("##" + c, vocab.size());
        }
        ((ObjectNode) root.get("added_tokens").get(0)).put("id", vocab.size());
        vocab.put(ByteLevel.END_OF_TEXT, vocab.size());
        return model;
    }

    /** What is not GPT-2's own kind must give back a sample of plain English. */
    @Test
    void aTokenizerThatLosesTextIsRefused() throws IOException {
        String lost = "the tokenizer does not keep text: encoded and decoded, \"";
        ObjectNode half = plain();
        ObjectNode bytes = (ObjectNode) model(half).get("vocab");
        model(half).putArray("merges");
        for (int b = 1; b < 256; b += 2) {
            bytes.remove(String.valueOf(ByteLevel.symbol(b)));
        }
        refused(half).hasMessageContaining(lost + "The quick brown fox");
        ObjectNode bare = plain();
        bare.putNull("pre_tokenizer");
        refused(bare).hasMessageContaining(lost);
        ObjectNode joined = plain();
        joined.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        refused(joined).hasMessageContaining(lost).hasMessageContaining("\"Thequickbrownfox");
        ObjectNode digits = plain();
        digits.set(
                "normalizer",
                JSON.readTree("{\"type\": \"Replace\", \"pattern\": {\"Regex\": \"[0-9]\"}, \"content\": \"0\"}"));
        refused(digits).hasMessageContaining(lost + "in 1984").hasMessageContaining("in 0000");
        ObjectNode unknown = plain();
        ((ObjectNode) wordPieces(unknown).get("vocab")).remove("##k");
        refused(unknown).hasMessageContaining(lost).hasMessageContaining("[UNK]");
        ObjectNode lower = plain();
        lower.putObject("normalizer").put("type", "Lowercase");
        Files.writeString(folder.resolve("tokenizer.json"), lower.toString());
        Tokenizer.in(folder).close();
    }

    /** Where an unknown character is encoded as the end of a text, documents end in their middle. */
    @Test
    void theEndOfTextMustNotStandForUnknownCharacters() throws IOException {
        ObjectNode root = plain();
        model(root).put("unk_token", ByteLevel.END_OF_TEXT);
        Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        Tokenizer.in(folder).close();
        ((ObjectNode) model(root).get("vocab")).remove(String.valueOf(ByteLevel.symbol(0xe4)));
        model(root).putArray("merges");
        refused(root).hasMessageContaining("are encoded as <|endoftext|>");
        ObjectNode words = plain();
        wordPieces(words).put("unk_token", ByteLevel.END_OF_TEXT);
        refused(words).hasMessageContaining("are encoded as <|endoftext|>");
    }

    @Test
    void encodingsArePlain() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "\ufeff" + PLAIN);
        try (Tokenizer t = Tokenizer.in(folder)) {
            assertThat(t.encode("ab")).hasSize(2);
        }
        refused(PLAIN.getBytes(StandardCharsets.UTF_16LE)).hasMessageContaining("looks like UTF-16LE");
        refused(PLAIN.getBytes(StandardCharsets.ISO_8859_1)).hasMessageContaining("is not UTF-8");
        refused(new byte[0]).hasMessageContaining("found nothing");
        refused("version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8))
                .hasMessageContaining("git-lfs pointer");
    }

    /** A tokenizer that says how long its texts may be is not obeyed: a user's text is encoded whole. */
    @Test
    void truncationAndPaddingOfTheFileAreNotApplied() throws IOException {
        ObjectNode root = plain();
        root.set(
                "truncation",
                JSON.readTree("{\"direction\": \"Right\", \"max_length\": 4, \"strategy\": \"LongestFirst\","
                        + " \"stride\": 0}"));
        root.set(
                "padding",
                JSON.readTree("{\"strategy\": {\"Fixed\": 50}, \"direction\": \"Right\","
                        + " \"pad_to_multiple_of\": null, \"pad_id\": 0,"
                        + " \"pad_type_id\": 0, \"pad_token\": \"!\"}"));
        Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        try (Tokenizer t = Tokenizer.in(folder)) {
            assertThat(t.encode("abcdefgh")).hasSize(8);
        }
    }

    /** Settings beside the tokenizer's own files that change tokens are honoured or refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"add_prefix_space\": true} | add_prefix_space is true, but the pre-tokenizer in",
                "{\"add_prefix_space\": 1} | add_prefix_space must be true or false",
                "{\"added_tokens_decoder\": {\"257\": {\"content\": \"<pad>\"}}} | \"<pad>\" with id 257 is "
                        + "not a token of",
                "{\"added_tokens_decoder\": {\"7\": {\"content\": \"<\\u007cendoftext\\u007c>\"}}} | has id 256 in",
                "{\"added_tokens_decoder\": {\"7\": {}}} | nothing with id 7 is not a token of",
                "{\"added_tokens_decoder\": 3} | added_tokens_decoder must be an object",
                "[] | must be a JSON object"
            })
    void aTokenizerConfigurationMustAgree(String config, String message) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), PLAIN);
        Files.writeString(folder.resolve("tokenizer_config.json"), config);
        assertThatThrownBy(() -> Tokenizer.in(folder).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokenizer_config.json")
                .hasMessageContaining(message);
    }

    @Test
    void aBlankBeforeTheFirstWordIsHonoured() throws IOException {
        ObjectNode root = plain();
        Files.writeString(folder.resolve("vocab.json"), model(root).get("vocab").toString());
        Files.writeString(folder.resolve("merges.txt"), "");
        String inert = "{\"model_max_length\": 64, \"tokenizer_class\": \"GPT2Tokenizer\", \"pad_token\": null,"
                + " \"added_tokens_decoder\": {\"256\": {\"content\": \"<|endoftext|>\", \"special\": true}}";
        Path config = Files.writeString(folder.resolve("tokenizer_config.json"), inert + "}");
        int[] bare;
        try (Tokenizer t = Tokenizer.in(folder)) {
            bare = t.encode("ab");
        }
        Files.writeString(config, inert + ", \"add_prefix_space\": true}");
        try (Tokenizer t = Tokenizer.in(folder)) {
            assertThat(t.encode("ab")).hasSize(bare.length + 1).endsWith(bare);
        }
        ((ObjectNode) root.get("pre_tokenizer")).put("add_prefix_space", true);
        Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        Tokenizer.in(folder).close();
        Files.writeString(config, inert + ", \"add_prefix_space\": false}");
        assertThatThrownBy(() -> Tokenizer.in(folder).close()).hasMessageContaining("add_prefix_space is false");
        root.putObject("pre_tokenizer")
                .put("type", "Metaspace")
                .put("replacement", "_")
                .put("prepend_scheme", "always");
        refused(root).hasMessageContaining("has true");
        root.putObject("pre_tokenizer").put("type", "Whitespace");
        Files.writeString(config, inert + ", \"add_prefix_space\": true}");
        refused(root).hasMessageContaining("cannot add a space");
    }

    private AbstractThrowableAssert<?, ?> refusedPair(String vocab, String merges, String file) throws IOException {
        Files.writeString(folder.resolve("vocab.json"), vocab);
        Files.writeString(folder.resolve("merges.txt"), merges);
        return assertThatThrownBy(() -> Tokenizer.in(folder).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file);
    }

    @Test
    void vocabularyAndMergesAreWholeOrRefusedWithTheirPlace() throws IOException {
        String good = "{\"a\": 0, \"b\": 1, \"ab\": 2, \"<|endoftext|>\": 3}";
        refusedPair(good, "a b\n", "vocab.json").hasMessageContaining("the tokenizer does not keep text");
        refusedPair(good.replace("\"b\": 1", "\"b\": 999"), "", "vocab.json")
                .hasMessageContaining("no token has id 1; the 4 ids must be 0 to 3");
        refusedPair(good.replace("\"b\": 1", "\"b\": 0"), "", "vocab.json").hasMessageContaining("have the same id 0");
        refusedPair(good.replace("\"b\": 1", "\"b\": -1"), "", "vocab.json")
                .hasMessageContaining("the id of token \"b\" must be");
        refusedPair(good.replace("\"b\": 1", "\"b\": \"1\""), "", "vocab.json").hasMessageContaining("found \"1\"");
        refusedPair(good.replace("<|endoftext|>", "</s>"), "", "vocab.json")
                .hasMessageContaining("has no token <|endoftext|>");
        refusedPair("[1]", "", "vocab.json").hasMessageContaining("must be a JSON object");
        refusedPair(good, "#version: 0.2\n\na c\n", "merges.txt")
                .hasMessageContaining("line 3")
                .hasMessageContaining("needs token \"c\"");
        refusedPair(good, "a b\na b\n", "merges.txt")
                .hasMessageContaining("line 2")
                .hasMessageContaining("also in line 1");
        refusedPair(good, "a b b\n", "merges.txt").hasMessageContaining("line 1: a merge is two symbols");
        Files.write(folder.resolve("merges.txt"), "a b\n".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> Tokenizer.in(folder)).hasMessageContaining("UTF-16");
        Files.writeString(folder.resolve("merges.txt"), "\ufeff#version: 0.2\r\n\r\na b\r\n   \n");
        ObjectNode vocab = JSON.createObjectNode().put(ByteLevel.END_OF_TEXT, 0).put("ab", 1);
        for (int b = 0; b < 256; b++) {
            vocab.put(String.valueOf(ByteLevel.symbol(b)), 2 + b);
        }
        Files.writeString(folder.resolve("vocab.json"), "\ufeff" + vocab);
        try (Tokenizer t = Tokenizer.in(folder)) {
            assertThat(t.endOfText()).isZero();
            assertThat(t.encode("aba")).containsExactly(1, 2 + 'a');
        }
        Files.writeString(folder.resolve("added_tokens.json"), "{\"<pad>\": 4}");
        assertThatThrownBy(() -> Tokenizer.in(folder)).hasMessageContaining("added_tokens.json");
    }

    @Test
    void gpt2sOwnKindNeedsNoOtherProcess() throws IOException {
        assertThat(TokenizerJson.parse(PLAIN, "t", TokenizerConfigFile.NONE).plain())
                .isTrue();
        try (InputStream in = Tokenizer.class.getResourceAsStream("/coterie/model/base/tiny/tokenizer.json")) {
            String builtin = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(TokenizerJson.parse(builtin, "builtin", TokenizerConfigFile.NONE)
                            .plain())
                    .isTrue();
        }
        for (String other : List.of("Whitespace", "Digits")) {
            ObjectNode root = plain();
            root.putObject("pre_tokenizer").put("type", other).put("individual_digits", true);
            assertThat(TokenizerJson.parse(root.toString(), "t", TokenizerConfigFile.NONE)
                            .plain())
                    .isFalse();
        }
        ObjectNode root = plain();
        model(root).put("unk_token", "!");
        assertThat(TokenizerJson.parse(root.toString(), "t", TokenizerConfigFile.NONE)
                        .plain())
                .isFalse();
        for (String needed : List.of("pre_tokenizer", "decoder")) {
            ObjectNode without = plain();
            without.putNull(needed);
            assertThat(TokenizerJson.parse(without.toString(), "t", TokenizerConfigFile.NONE)
                            .plain())
                    .isFalse();
        }
        ObjectNode fewer = plain();
        ((ObjectNode) model(fewer).get("vocab")).remove(String.valueOf(ByteLevel.symbol(0xff)));
        assertThat(TokenizerJson.parse(fewer.toString(), "t", TokenizerConfigFile.NONE)
                        .plain())
                .isFalse();
    }

    private static void begins(ObjectNode root, String token) {
        ObjectNode template = root.putObject("post_processor").put("type", "TemplateProcessing");
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
        special.putArray("ids").add(token.equals("<|endoftext|>") ? 256 : 257);
        special.putArray("tokens").add(token);
    }

    private static ObjectNode withAdded(String... tokens) throws IOException {
        ObjectNode root = plain();
        ArrayNode added = (ArrayNode) root.get("added_tokens");
        for (String token : tokens) {
            added.add(((ObjectNode) added.get(0).deepCopy())
                    .put("id", 256 + added.size())
                    .put("content", token));
        }
        return root;
    }

    private Tokenizer read(ObjectNode root, String config) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        Files.writeString(folder.resolve("tokenizer_config.json"), config);
        return Tokenizer.in(folder);
    }

    /** The template of tokenizer.json says whether a text begins with a token, unless the configuration does. */
    @Test
    void theBeginningOfATextFollowsTheFiles() throws IOException {
        ObjectNode root = withAdded("<s>");
        try (Tokenizer t = read(root, "{}")) {
            assertThat(t.beginOfText()).isEmpty();
            assertThat(t.separator()).containsExactly(256);
        }
        try (Tokenizer t = read(root, "{\"add_bos_token\": true, \"bos_token\": {\"content\": \"<s>\"}}")) {
            assertThat(t.separator()).containsExactly(256, 257);
            assertThat(t.encode("a<s>b")).doesNotContain(257);
        }
        begins(root, "<s>");
        try (Tokenizer t = read(root, "{}")) {
            assertThat(t.beginOfText()).hasValue(257);
        }
        try (Tokenizer t = read(root, "{\"add_bos_token\": false}")) {
            assertThat(t.beginOfText()).isEmpty();
        }
        assertThatThrownBy(() -> read(plain(), "{\"add_bos_token\": true, \"bos_token\": \"<s>\"}"))
                .hasMessageContaining("the token before a text must be an added token, found \"<s>\"");
        String llama = "{\"tokenizer_class\": \"LlamaTokenizerFast\"}";
        ObjectNode silent = plain();
        silent.putObject("post_processor")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false);
        try (Tokenizer t = read(silent, llama)) {
            assertThat(t.beginOfText()).isEmpty();
        }
        silent.remove("post_processor");
        assertThatThrownBy(() -> read(silent, llama))
                .hasMessageContaining("found no bos_token in")
                .hasMessageContaining("tokenizer_config.json");
    }

    @Test
    void theEndOfATextIsOneThatModelsWerePretrainedWithOrTheOneThatIsNamed() throws IOException {
        try (Tokenizer t = read(withAdded("<|im_end|>"), "{\"eos_token\": \"<|im_end|>\"}")) {
            assertThat(t.endOfText()).isEqualTo(256);
        }
        ObjectNode other = withAdded();
        ((ObjectNode) other.at("/added_tokens/0")).put("content", "<end>");
        ObjectNode vocabulary = (ObjectNode) model(other).get("vocab");
        vocabulary.remove("<|endoftext|>");
        vocabulary.put("<end>", 256);
        try (Tokenizer t = read(other, "{\"eos_token\": \"<end>\"}")) {
            assertThat(t.endOfText()).isEqualTo(256);
        }
        assertThatThrownBy(() -> read(other, "{\"eos_token\": \"</s>\"}"))
                .hasMessageContaining("tokenizer.json has no end of text")
                .hasMessageContaining("or \"</s>\", which")
                .hasMessageContaining("tokenizer_config.json names");
    }
}
