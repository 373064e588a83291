package coterie.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coterie.model.base.Python;
import coterie.model.base.gguf.GgufSource;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small tokenizers built as those of the families are: the same ids as transformers' on 10,000 lines of mixed scripts,
 * the same tokens before a text, and text that comes back. Skipped where Python (COTERIE_PYTHON, or python3) does not
 * have the libraries.
 */
@Tag("slow")
class TokenizersParityTest {
    private static final int LINES = 10_000;
    private static final Map<String, String> ENDS = Map.of(
            "gpt2", "<|endoftext|>",
            "smollm", "<|endoftext|>",
            "pythia", "<|endoftext|>",
            "qwen", "<|endoftext|>",
            "llama3", "<|end_of_text|>",
            "tinyllama", "</s>",
            "gemma", "<eos>");
    private static final List<String> WITH_BEGIN = List.of("llama3", "tinyllama", "gemma");
    private static final List<String> WORDS = List.of(
            "the",
            "The",
            "don't",
            "I'LL",
            "running",
            "12345",
            "3.14",
            "(x)",
            "->",
            "…",
            "naïve",
            "straße",
            "e\u0301tude",
            "Ελλάδα",
            "Россия",
            "你好世界",
            "こんにちは",
            "한국어",
            "שלום",
            "مرحبا",
            "हिन्दी",
            "ไทย",
            "😀",
            "👩‍👩‍👧",
            "🇩🇪",
            "½",
            "ﬁ",
            "①",
            "\t",
            "  ",
            "   ",
            "\u00a0",
            "\u200b",
            "a_b",
            "C++",
            "#include",
            "{",
            "}",
            ";",
            "==",
            "!!",
            "?!");

    @TempDir
    Path folder;

    private Python python;

    @BeforeEach
    void findPython() {
        python = new Python(folder.resolve("python.log"));
    }

    private static List<String> lines() {
        RandomStream stream = RandomStream.of(5, Purpose.GRAMMAR);
        List<String> all = new ArrayList<>();
        for (int k = 0; k < LINES; k++) {
            StringBuilder line = new StringBuilder();
            for (int w = stream.below(12); w >= 0; w--) {
                line.append(WORDS.get(stream.below(WORDS.size()))).append(stream.below(4) == 0 ? "" : " ");
            }
            all.add(line.toString());
        }
        return all;
    }

    /** Lets the script make tokenizers, and the ids that it gives {@link #lines}. */
    private void make(String what, List<String> lines) throws Exception {
        Path text = folder.resolve("lines.txt");
        Files.writeString(text, String.join("\n", lines));
        python.script("tokenizers_of_families.py", what, folder.toString(), text.toString());
    }

    @Test
    void idsAreThoseOfTransformers() throws Exception {
        assumeTrue(python.hasLibraries(), "no Python with torch, transformers and peft");
        List<String> lines = lines();
        make("make", lines);
        for (String name : ENDS.keySet()) {
            try (Tokenizer t = Tokenizer.in(folder.resolve(name))) {
                assertThat(t.decode(new int[] {t.endOfText()})).as(name).isEqualTo(ENDS.get(name));
                assertThat(t.beginOfText().isPresent()).as(name).isEqualTo(WITH_BEGIN.contains(name));
                compare(name, t, lines);
            }
        }
    }

    /** Tokenizers in GGUF files: one that puts a space before a text, as Llama's, and one that does not, as Gemma's. */
    @Test
    void idsAreThoseOfSentencePiece() throws Exception {
        assumeTrue(python.has("gguf, sentencepiece"), "no Python with gguf and sentencepiece");
        List<String> lines = lines();
        make("sentencepiece", lines);
        for (String name : List.of("sentencepiece", "sentencepiece-no-prefix")) {
            try (Tokenizer t = new GgufSource(folder.resolve(name).resolve("tokenizer.gguf")).tokenizer()) {
                assertThat(t.separator()).as(name).containsExactly(2, 1);
                compare(name, t, lines);
            }
        }
    }

    private void compare(String name, Tokenizer t, List<String> lines) throws IOException {
        List<String> ids = Files.readAllLines(folder.resolve(name).resolve("ids.txt"));
        for (int k = 0; k < lines.size(); k++) {
            int[] ours = t.encode(lines.get(k));
            int[] whole = IntStream.concat(t.beginOfText().stream(), Arrays.stream(ours))
                    .toArray();
            int[] theirs = Arrays.stream(ids.get(k).split(" "))
                    .filter(s -> !s.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            assertThat(whole).as("%s, line %d: %s", name, k, lines.get(k)).isEqualTo(theirs);
            boolean composed = name.equals("pythia") || name.equals("qwen");
            assertThat(t.decode(ours))
                    .as("%s, line %d", name, k)
                    .isEqualTo(composed ? Normalizer.normalize(lines.get(k), Normalizer.Form.NFC) : lines.get(k));
        }
    }
}
