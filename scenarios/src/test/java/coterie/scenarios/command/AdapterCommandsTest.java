package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.model.base.PretrainedBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Bases and adapters that one command makes and another takes. */
class AdapterCommandsTest extends CommandLineFixture {
    @Test
    void aRunMayStartFromTheAdaptersOfAnother() throws IOException {
        Path scenario = file(SMALL);
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        assertThat(Main.execute("run", scenario.toString(), "--out", first.toString(), "--quiet"))
                .isZero();
        String adapters = "model.adapter.path=" + first.resolve("adapters");
        assertThat(Main.execute("run", scenario.toString(), "--out", second.toString(), "--quiet", "--set", adapters))
                .as(terminal.err())
                .isZero();
        assertThat(summary(second).get("perplexity").get("before"))
                .isEqualTo(summary(first).get("perplexity").get("per_user"));
        assertThat(Main.execute(
                        "run",
                        scenario.toString(),
                        "--out",
                        folder.resolve("third").toString(),
                        "--quiet",
                        "--set",
                        adapters,
                        "--set",
                        "model.lora.rank=8"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("has rank 4");
    }

    @Test
    void aBaseIsTrainedFromTextGoesOnWhereItStoppedAndServesARun() throws IOException {
        java.util.Iterator<String> documents = new coterie.model.text.BuiltinText("romance").documents("french", 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append(documents.next()).append('\n');
        }
        Files.createDirectories(folder.resolve("text"));
        Files.writeString(folder.resolve("text/fr.lines.txt"), text);
        Path plan = folder.resolve("plan.yaml");
        String form = """
                seed: 1
                model: {layers: 1, width: 16, heads: 2, vocabulary: 300, context: 32}
                tokenizer_characters: 20000
                sources: [{label: French, path: text, weight: 1, max_tokens: 20000}, {label: Little, path: text,
                  weight: 0.01, max_tokens: 1000}]
                training: {steps: %d, batch: 4, shards: 2, precision: float32, learning_rate: 0.01,
                  weight_decay: 0.01, evaluate_every: 10}
                """;
        Files.writeString(plan, form.formatted(30));
        Path base = folder.resolve("base");
        assertThat(Main.execute("pretrain", plan.toString(), "--out", base.toString()))
                .as(terminal.err())
                .isZero();
        Files.writeString(plan, form.formatted(40));
        assertThat(Main.execute("pretrain", plan.toString(), "--out", base.toString()))
                .isZero();
        assertThat(terminal.err())
                .contains("learned a vocabulary of 300 tokens")
                .contains("going on from step 30")
                .contains("held-out perplexity");
        assertThat(new ObjectMapper()
                        .readTree(base.resolve("training.json").toFile())
                        .get("held_out_perplexity")
                        .fieldNames())
                .toIterable()
                .as("Little has nothing held out")
                .containsExactly("French");
        assertThat(PretrainedBase.load(base.toString()).weights().config().vocabulary())
                .isEqualTo(300);
        assertThat(Main.execute(
                        "run",
                        file(SMALL).toString(),
                        "--out",
                        folder.resolve("run").toString(),
                        "--quiet",
                        "--set",
                        "model.base=" + base))
                .isZero();
        double before = summary(folder.resolve("run"))
                .get("perplexity")
                .get("before")
                .get(0)
                .asDouble();
        assertThat(before).as("better than guessing among 300 tokens").isLessThan(200);
        Files.writeString(plan, "seed: 1\nmodle: {}\n");
        assertThat(Main.execute("pretrain", plan.toString(), "--out", base.toString()))
                .isEqualTo(2);
    }

    @Test
    void anAdapterIsExported() throws IOException {
        Path run = folder.resolve("run");
        assertThat(Main.execute("run", file(SMALL).toString(), "--out", run.toString(), "--quiet"))
                .isZero();
        Path out = folder.resolve("mine");
        assertThat(Main.execute("export", run.toString(), "--user", "3", "--out", out.toString()))
                .isZero();
        assertThat(out.resolve("adapter_model.safetensors"))
                .hasSameBinaryContentAs(run.resolve("adapters/user-3/adapter_model.safetensors"));
        assertThat(out.resolve("adapter_config.json")).exists();
        assertThat(Main.execute("export", run.toString(), "--user", "3", "--out", out.toString()))
                .isEqualTo(2);
        assertThat(Main.execute("export", run.toString(), "--user", "4")).isEqualTo(2);
        assertThat(terminal.err()).contains("is there already").contains("the run has 4 users");
        assertThat(terminal.out()).as("a built-in base is nowhere else").doesNotContain("lm_eval");
        Path config = run.resolve("adapters/user-2/adapter_config.json");
        String was = Files.readString(config);
        Files.writeString(config, was.replace("builtin:tiny", "/models/smol"));
        Path two = folder.resolve("two");
        assertThat(Main.execute("export", run.toString(), "--user", "2", "--out", two.toString()))
                .isZero();
        assertThat(terminal.out())
                .contains("AutoModelForCausalLM.from_pretrained(\"/models/smol\"), \"" + two + "\")")
                .contains("lm_eval --model hf --model_args pretrained=/models/smol,peft=" + two + " ");
        Files.writeString(config, was.replace("builtin:tiny", "/models/smol.gguf"));
        Path again = folder.resolve("again");
        assertThat(Main.execute("export", run.toString(), "--user", "2", "--out", again.toString()))
                .isZero();
        assertThat(terminal.out())
                .contains("from_pretrained(\"/models\", gguf_file=\"smol.gguf\"), \"" + again + "\")")
                .contains("pretrained=/models,gguf_file=smol.gguf,peft=" + again + " ");
    }
}
