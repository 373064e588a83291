package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.base.PretrainedBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseCommandTest {
    @TempDir
    Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... arguments) {
        PrintStream wasOut = System.out;
        PrintStream wasErr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int code = Main.execute(arguments);
            return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(wasOut);
            System.setErr(wasErr);
        }
    }

    @Test
    void aBaseSaysWhatItIsAndWhatItMakesOfAText() throws IOException {
        Path text = folder.resolve("text.txt");
        Files.writeString(text, "The river is the longest in the country and flows into the sea. ".repeat(8));
        Outcome o = run(
                "base",
                "builtin:tiny",
                "--rank",
                "4",
                "--targets",
                "c_attn,mlp",
                "--text",
                text.toString(),
                "--context",
                "64",
                "--continue",
                "The capital of",
                "--words",
                "5");
        assertThat(o.err).isEmpty();
        assertThat(o.code).isZero();
        assertThat(o.out)
                .contains("family      GPT-2 (gpt2)")
                .contains("6 layers of width 192; 6 heads of 32, 6 of keys and values; MLP 768;"
                        + " 4,096 tokens; context 128")
                .contains("tied to the embedding")
                .contains("of type BF16")
                .contains("4,096 tokens; <|endoftext|> ends a text, none begins one")
                // per layer: 4 · (192 + 576) + 4 · 2 · (192 + 768) adapter parameters
                .contains("rank 4 on c_attn, mlp: 64,512 parameters; 1.0 MB for")
                // per layer 4,608 numbers of four bytes, and 3,840 for a moment; recomputed, those of one layer, and
                // 192 of each other
                .contains("a pass      0.126 MB a token in training, 0.038 MB where activations are recomputed")
                .containsPattern("(?m)^continued   \\S*.+$");
        Matcher m = Pattern.compile("perplexity\\s+([0-9.]+) a token, ([0-9.]+) bits a byte")
                .matcher(o.out);
        assertThat(m.find()).as(o.out).isTrue();
        // a repeated sentence is easier than any text, a base that knows nothing has 4096
        assertThat(Double.parseDouble(m.group(1))).isBetween(1.1, 200.0);
        assertThat(Double.parseDouble(m.group(2))).isBetween(0.05, 3.0);
    }

    /** Numbers are checked where they are decoded: here by the check alone, there on their way to a device. */
    @Test
    void aWeightThatIsNotFiniteIsRefusedAlikeByAllCommands() throws IOException {
        Path base = Files.createDirectories(folder.resolve("base"));
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            try (InputStream in = PretrainedBase.class.getResourceAsStream("/coterie/model/base/tiny/" + file)) {
                Files.copy(in, base.resolve(file));
            }
        }
        Path weights = base.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        // The last number, in bfloat16.
        bytes[bytes.length - 1] = 0x7f;
        bytes[bytes.length - 2] = (byte) 0xc0;
        Files.write(weights, bytes);
        Path scenario = Files.writeString(folder.resolve("scenario.yaml"), """
                users: 2
                model: {base: base}
                data: {source: 'builtin:romance', train_tokens: 600, validation_tokens: 200, test_tokens: 200}
                training: {iterations: 2, batch_size: 2, context: 32}
                """);
        Path out = folder.resolve("run");
        String wanted = "cannot load base " + base + ": " + weights + ": array ";
        for (Outcome o : List.of(
                run("base", base.toString()),
                run("base", base.toString(), "--continue", "The"),
                run("validate", scenario.toString()),
                run("data", scenario.toString()),
                run("run", scenario.toString(), "--out", out.toString()))) {
            assertThat(o.code).as(o.err).isEqualTo(2);
            assertThat(o.err).contains(wanted).contains(" is NaN at index [").contains("all numbers must be finite");
            assertThat(o.out).isEmpty();
        }
        assertThat(out.toFile().list()).containsExactly(".lock");
    }

    @Test
    void whatCannotBeUsedEndsWithItsReason() {
        assertThat(run("base", "builtin:huge").code).isEqualTo(2);
        assertThat(run("base", folder.toString()).err).contains("config.json: there is no such file");
        Outcome o = run("base", "builtin:tiny", "--targets", "q_proj");
        assertThat(o.code).isEqualTo(2);
        assertThat(o.err).contains("GPT-2 has no layer q_proj");
        assertThat(run("base", "builtin:tiny", "--precision", "int8").code).isEqualTo(2);
        assertThat(run("base", "builtin:tiny", "--text", folder.resolve("none").toString()).err)
                .contains("--text: ");
    }
}
