package coterie.model.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.Projection;
import coterie.model.base.Role;
import coterie.model.base.family.Gpt2Family;
import coterie.model.files.NumberType;
import coterie.model.files.SafeTensors;
import coterie.model.files.SafeTensors.Tensor;
import coterie.model.text.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What PEFT's files say is honoured, or refused by the name of the key or array. */
class ForeignAdapterTest {
    private static final DecoderConfig BASE = Gpt2Family.shape(2, 8, 2, 20, 8);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "base_model.model.transformer.h.";
    private static final String WEIGHTS = "adapter_model.safetensors";

    @TempDir
    Path folder;

    private AdapterLayout layout;
    private float[] row;

    @BeforeEach
    void write() throws IOException {
        write(LoraConfig.of(4, 16));
    }

    private void write(LoraConfig lora) throws IOException {
        layout = new AdapterLayout(BASE, lora);
        row = new float[layout.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = i + 1;
        }
        PeftFiles.write(folder, layout, row, "gpt2");
    }

    private void config(String key, String value) throws IOException {
        Path file = folder.resolve("adapter_config.json");
        ObjectNode c = (ObjectNode) JSON.readTree(Files.readString(file));
        c.set(key, JSON.readTree(value));
        Files.writeString(file, c.toString());
    }

    private PeftFiles.Adapter read() {
        return PeftFiles.read(folder, BASE);
    }

    private AbstractThrowableAssert<?, ?> refused() {
        return assertThatThrownBy(this::read).isInstanceOf(DataException.class).hasMessageContaining(folder.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "use_dora | true | use_dora is not supported",
                "lora_bias | true | lora_bias",
                "bias | \"all\" | bias must be none",
                "modules_to_save | [\"ln_f\"] | modules_to_save",
                "trainable_token_indices | [1] | trainable_token_indices",
                "layer_replication | [[0, 1]] | layer_replication",
                "init_lora_weights | \"pissa\" | init_lora_weights must be one of",
                "init_lora_weights | \"pissa_niter_16\" | changes the base",
                "init_lora_weights | \"olora\" | init_lora_weights",
                "init_lora_weights | \"loftq\" | init_lora_weights",
                "init_lora_weights | \"corda\" | init_lora_weights",
                "init_lora_weights | \"of_tomorrow\" | init_lora_weights",
                "loftq_config | {\"loftq_bits\": 4} | loftq_config",
                "megatron_config | {\"a\": 1} | megatron_config",
                "use_qalora | true | use_qalora",
                "target_parameters | [\"a\"] | target_parameters",
                "use_rslora | \"yes\" | use_rslora must be true or false",
                "use_of_tomorrow | true | use_of_tomorrow is not a known key",
                "rank_pattern | {\"c_attn\": 2} | all layers must have the same rank",
                "rank_pattern | {\".*\": 2.5} | rank_pattern must hold whole numbers",
                "rank_pattern | [2] | rank_pattern must be an object",
                "alpha_pattern | {\"c_attn\": 0} | alpha_pattern: c_attn must be a number greater than 0",
                "alpha_pattern | {\"c_attn\": \"2\"} | alpha_pattern: c_attn",
                "alpha_pattern | {\"c_(\": 2} | alpha_pattern is not a regular expression",
                "alpha_pattern | {\"(([a-z.0-9]+)+)+!\": 2} | takes too long",
                "r | 0 | r must be a whole number",
                "r | 4.5 | r must be",
                "r | \"4\" | r must be",
                "r | 2147483647 | 2^31",
                "r | 100000000 | adapter_",
                "r | 3 | shape",
                "lora_alpha | 0 | lora_alpha must be greater than 0",
                "lora_alpha | \"a\" | lora_alpha must be",
                "lora_dropout | 1 | lora_dropout must lie in",
                "peft_type | \"IA3\" | peft_type must be LORA",
                "peft_type | null | peft_type must be LORA",
                "task_type | \"SEQ_CLS\" | task_type must be CAUSAL_LM",
                "fan_in_fan_out | 1 | fan_in_fan_out must be true or false",
                "target_modules | [\"q_proj\"] | adapts none of",
                "target_modules | [] | target_modules must be a list",
                "target_modules | [3] | target_modules must",
                "target_modules | {} | target_modules must be",
                "target_modules | [\"c_attn\", \"wte\"] | adapts transformer.wte",
                "target_modules | \".*\" | adapts transformer",
                "target_modules | [\"c_attn\"] | would be left unread",
                "target_modules | \"(\" | target_modules is not a regular expression",
                "target_modules | [\"h.0.attn.c_attn\"] | all layers must be adapted alike",
                "layers_to_transform | [0] | layers_to_transform adapts nothing of layer 1",
                "layers_to_transform | 1 | layers_to_transform",
                "layers_to_transform | [\"0\"] | layers_to_transform must be",
                "exclude_modules | [\"mlp.c_proj\"] | would be left unread"
            })
    void aKeyThatCannotBeHonouredIsNamed(String key, String value, String message) throws IOException {
        if (key.equals("layers_to_transform")) {
            config("target_modules", "[\"c_attn\", \"c_proj\", \"c_fc\"]");
        }
        config(key, value);
        refused().hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "target_modules | [\"c_attn\", \"c_proj\", \"c_fc\"]",
                "target_modules | \"all-linear\"",
                "target_modules | \".*[.]h[.].*[.]c_[a-z]+\"",
                "exclude_modules | [\"lm_head\"]",
                "layers_to_transform | [0, 1]",
                "rank_pattern | {\"c_attn\": 4}",
                "init_lora_weights | \"gaussian\"",
                "init_lora_weights | false",
                "modules_to_save | []",
                "use_dora | false",
                "of_tomorrow | null",
                "eva_config | {\"rho\": 2.0}",
                "task_type | null",
                "base_model_name_or_path | \"elsewhere\"",
                "qalora_group_size | 16",
                "alpha_pattern | {\"nothing\": 3}"
            })
    void aKeyThatChangesNothingPasses(String key, String value) throws IOException {
        if (key.equals("layers_to_transform")) {
            config("target_modules", "[\"c_attn\", \"c_proj\", \"c_fc\"]");
        }
        config(key, value);
        assertThat(read().row()).isEqualTo(row);
        assertThat(read().lora()).isEqualTo(LoraConfig.of(4, 16));
    }

    @Test
    void rankStabilisedScaleIsFoldedIntoB() throws IOException {
        config("use_rslora", "true");
        PeftFiles.Adapter read = read();
        assertThat(read.lora().scale()).isEqualTo(4);
        for (AdapterLayout.Part p : layout.parts()) {
            assertThat(read.row()[p.offsetA()]).isEqualTo(row[p.offsetA()]);
            assertThat(read.row()[p.offsetB()]).as("16/√4 is twice 16/4").isEqualTo(2 * row[p.offsetB()]);
        }
    }

    /** The first pattern that fits decides, at the end of a module's name and after a dot. */
    @Test
    void alphasOfTheirOwnAreFoldedIntoB() throws IOException {
        config("alpha_pattern", "{\"h.1.attn.c_proj\": 8, \"c_proj\": 32, \"fc\": 99}");
        PeftFiles.Adapter read = read();
        for (AdapterLayout.Part p : layout.parts()) {
            double factor = p.projection().role() == Role.DOWN
                    ? 2
                    : p.projection().role() != Role.OUTPUT ? 1 : p.layer() == 1 ? 0.5 : 2;
            assertThat(read.row()[p.offsetB() + 1] / row[p.offsetB() + 1])
                    .as("%s", p)
                    .isEqualTo((float) factor);
        }
    }

    @Test
    void whatIsAbsentIsAsInPeft() throws IOException {
        write(new LoraConfig(8, 16, 0, Set.of(Target.of("c_attn"))));
        Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
        assertThat(read().lora()).isEqualTo(new LoraConfig(8, 8, 0, Set.of(Target.of("attn.c_attn"))));
        assertThat(read().row()).isEqualTo(row);
    }

    @Test
    void targetsNameSingleModules() throws IOException {
        BaseFamily family = BASE.family();
        assertThat(new LoraConfig(1, 1, 0, Set.of(Target.ATTENTION, Target.of("c_fc"))).projections(family))
                .extracting(Projection::role)
                .containsExactly(Role.QUERY_KEY_VALUE, Role.OUTPUT, Role.UP);
        assertThat(new LoraConfig(1, 1, 0, Set.of(Target.ALL_LINEAR)).projections(family))
                .containsExactlyElementsOf(family.projections());
        for (Target t : Target.names().stream()
                .map(Target::of)
                .filter(t -> names(t, family))
                .toList()) {
            write(new LoraConfig(4, 16, 0, Set.of(t)));
            assertThat(read().lora().projections(family)).isEqualTo(t.projections(family));
            assertThat(read().row()).isEqualTo(row);
            assertThat(Target.naming(t.projections(family), family).stream()
                            .flatMap(n -> n.projections(family).stream()))
                    .containsExactlyInAnyOrderElementsOf(t.projections(family));
        }
    }

    private static boolean names(Target t, BaseFamily family) {
        return List.of("attention", "mlp", "all-linear").contains(t.text())
                || family.projections().stream()
                        .anyMatch(
                                p -> p.name().equals(t.text()) || p.shortName().equals(t.text()));
    }

    @Test
    void aTargetThatNoFamilyHasIsRefused() {
        assertThatThrownBy(() -> Target.of("q_projj"))
                .hasMessageStartingWith("found q_projj, allowed: attention, mlp, all-linear, ")
                .hasMessageContainingAll(", attn.c_attn, ", ", c_fc, ", ", q_proj, ", ", query_key_value, ");
    }

    @Test
    void anArrayLeftUnreadIsNamed() throws IOException {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (SafeTensors in = SafeTensors.open(folder.resolve(WEIGHTS))) {
            for (String name : in.names()) {
                int[] shape = java.util.Arrays.stream(in.shape(name))
                        .mapToInt(Math::toIntExact)
                        .toArray();
                arrays.put(name, new Tensor(shape, in.floats(name, shape)));
            }
        }
        for (String extra : new String[] {
            PREFIX + "0.attn.c_attn.lora_magnitude_vector",
            PREFIX + "0.attn.c_attn.lora_B.bias",
            "base_model.model.lm_head.weight",
            PREFIX + "2.attn.c_attn.lora_A.weight"
        }) {
            Map<String, Tensor> more = new LinkedHashMap<>(arrays);
            more.put(extra, new Tensor(new int[] {1}, new float[1]));
            SafeTensors.write(folder.resolve(WEIGHTS), more, NumberType.F32, Map.of());
            refused().hasMessageContaining("array " + extra).hasMessageContaining("left unread");
        }
        Map<String, Tensor> fewer = new LinkedHashMap<>(arrays);
        fewer.remove(PREFIX + "1.mlp.c_fc.lora_B.weight");
        SafeTensors.write(folder.resolve(WEIGHTS), fewer, NumberType.F32, Map.of());
        refused().hasMessageContaining("has no array " + PREFIX + "1.mlp.c_fc.lora_B.weight");
        arrays.get(PREFIX + "1.mlp.c_fc.lora_B.weight").values()[5] = Float.NaN;
        SafeTensors.write(folder.resolve(WEIGHTS), arrays, NumberType.F32, Map.of());
        refused().hasMessageContaining("1.mlp.c_fc.lora_B.weight is NaN at index [1, 1]");
    }

    @Test
    void aFolderWithoutReadableFilesIsTold() throws IOException {
        Files.move(folder.resolve(WEIGHTS), folder.resolve("adapter_model.bin"));
        refused().hasMessageContaining("adapter_model.bin: pickled weights are not read");
        Files.writeString(
                folder.resolve(WEIGHTS), "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n");
        refused().hasMessageContaining(WEIGHTS + " is a git-lfs pointer");
        Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\", \"r\": 4");
        refused().hasMessageContaining("adapter_config.json is not valid JSON: line 1");
        Files.delete(folder.resolve("adapter_config.json"));
        refused().hasMessageContaining("adapter_config.json: there is no such file");
    }

    @Test
    void theScaleIsTheFilesOwn() throws IOException {
        config("lora_alpha", "7.5");
        assertThat(read().lora().scale()).isCloseTo(7.5 / 4, within(1e-12));
    }
}
