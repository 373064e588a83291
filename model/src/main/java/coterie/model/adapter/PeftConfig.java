package coterie.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.Gpt2Config;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PEFT's {@code adapter_config.json} of a LoRA on GPT-2. Every key is honoured, known to have no effect here, or
 * refused by name.
 *
 * <p>Ranks and the scale α/r are one for all layers in a {@link LoraConfig}. Where PEFT scales a layer otherwise, by
 * α/√r ({@code use_rslora}) or by an α of its own ({@code alpha_pattern}), {@link #fold} is the factor of its B: scale
 * · B is then what PEFT computes with, and an adapter exported later is a plain LoRA of the same function. Training
 * goes on with the plain scale.
 *
 * @param lora rank, α, dropout and targets
 * @param scales what PEFT multiplies B A by: a row a layer, a column a {@link TargetModule}; 0 where it adapts nothing
 */
record PeftConfig(LoraConfig lora, double[][] scales) {
    private static final Set<String> HONOURED = Set.of(
            "peft_type",
            "task_type",
            "r",
            "lora_alpha",
            "lora_dropout",
            "use_rslora",
            "alpha_pattern",
            "rank_pattern",
            "target_modules",
            "exclude_modules",
            "layers_to_transform",
            "layers_pattern",
            "init_lora_weights",
            "bias",
            "fan_in_fan_out");
    private static final Set<String> INERT = Set.of(
            "base_model_name_or_path",
            "revision",
            "auto_mapping",
            "inference_mode",
            "peft_version",
            "megatron_core",
            "qalora_group_size",
            "runtime_config",
            "eva_config",
            "ensure_weight_tying");
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("use_dora", "DoRA also scales the columns of the adapted weights"),
            Map.entry("modules_to_save", "whole modules of the base would be replaced"),
            Map.entry("lora_bias", "B would have a bias"),
            Map.entry("trainable_token_indices", "embeddings of some tokens would be replaced"),
            Map.entry("layer_replication", "layers of the base would be repeated"),
            Map.entry("target_parameters", "parameters would be adapted that are not a layer's weight"),
            Map.entry("megatron_config", "layers would be Megatron's"),
            Map.entry("loftq_config", "the base would be replaced by a quantised one"),
            Map.entry("corda_config", "the base would be changed by the adapter's initialisation"),
            Map.entry("lora_ga_config", "the base would be changed by the adapter's initialisation"),
            Map.entry("use_qalora", "inputs would be pooled in groups"),
            Map.entry("alora_invocation_tokens", "the adapter would begin to act at certain tokens"),
            Map.entry("arrow_config", "several adapters would be mixed for every token"),
            Map.entry("use_bdlora", "A or B would be block-diagonal"));
    private static final ForeignKeys KEYS = new ForeignKeys(HONOURED, INERT, REFUSED);
    /**
     * Initialisations that leave the base as it is. All others subtract their first B A from its weights, and do so
     * again where PEFT loads them.
     */
    private static final Set<String> HARMLESS_STARTS = Set.of("gaussian", "eva", "orthogonal");

    private static final int PEFT_DEFAULT = 8;

    /**
     * Reads it for a base.
     *
     * @throws IOException with file and key, where a key cannot be honoured
     */
    static PeftConfig read(JsonNode json, String file, Gpt2Config base) throws IOException {
        String type = ForeignKeys.text(json, "peft_type", "nothing", file);
        if (!type.equals("LORA")) {
            throw new IOException(file + ": peft_type must be LORA, found " + type);
        }
        KEYS.check(json, file);
        mustBe(json, "task_type", "CAUSAL_LM", file);
        mustBe(json, "bias", "none", file);
        ForeignKeys.flag(json, "fan_in_fan_out", false, file);
        start(json, file);
        int rank = json.has("r") ? ForeignKeys.count(json.get("r"), "r", file) : PEFT_DEFAULT;
        double alpha = positive(json, "lora_alpha", file);
        double dropout = ForeignKeys.number(json, "lora_dropout", 0, file);
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IOException(file + ": lora_dropout must lie in [0, 1), found " + dropout);
        }
        PeftTargets targets = new PeftTargets(json, file);
        PeftPatterns ranks = new PeftPatterns(json, "rank_pattern", file);
        PeftPatterns alphas = new PeftPatterns(json, "alpha_pattern", file);
        boolean byRoot = ForeignKeys.flag(json, "use_rslora", false, file);
        Set<TargetModule> places = targets.places(base.layers());
        double[][] scales = new double[base.layers()][TargetModule.values().length];
        int common = 0;
        for (int layer = 0; layer < base.layers(); layer++) {
            for (TargetModule place : places) {
                String module = module(layer, place);
                double r = ranks.of(module, rank);
                if (r != Math.rint(r) || r < 1 || r > Integer.MAX_VALUE) {
                    throw new IOException(file + ": rank_pattern must hold whole numbers of at least 1, found " + r
                            + " for " + module);
                }
                if (common != 0 && common != (int) r) {
                    throw new IOException(file + ": rank_pattern gives " + module + " rank " + (int) r + " and others "
                            + common
                            + "; all layers must have the same rank");
                }
                common = (int) r;
                scales[layer][place.ordinal()] = alphas.of(module, alpha) / (byRoot ? Math.sqrt(r) : r);
            }
        }
        return new PeftConfig(new LoraConfig(common, alpha, dropout, Target.naming(places)), scales);
    }

    /** The factor of a layer's B that makes α/r times it what PEFT computes with; 1 for a plain LoRA. */
    double fold(AdapterLayout.Part p) {
        double scale = scales[p.layer()][p.place().ordinal()];
        return scale == lora.scale() ? 1 : scale / lora.scale();
    }

    /** The full name of a layer in Hugging Face's GPT-2 with a language model's head. */
    static String module(int layer, TargetModule place) {
        return "transformer.h." + layer + "." + place.module();
    }

    private static double positive(JsonNode json, String key, String file) throws IOException {
        double v = ForeignKeys.number(json, key, PEFT_DEFAULT, file);
        if (!(v > 0)) {
            throw new IOException(file + ": " + key + " must be greater than 0, found " + v);
        }
        return v;
    }

    private static void mustBe(JsonNode json, String key, String only, String file) throws IOException {
        String found = ForeignKeys.text(json, key, only, file);
        if (!found.equals(only)) {
            throw new IOException(file + ": " + key + " must be " + only + ", found " + found);
        }
    }

    private static void start(JsonNode json, String file) throws IOException {
        JsonNode v = json.path("init_lora_weights");
        if (v.isMissingNode()
                || v.isNull()
                || v.isBoolean()
                || v.isTextual() && HARMLESS_STARTS.contains(v.textValue())) {
            return;
        }
        List<String> allowed = new ArrayList<>(List.of("true", "false"));
        HARMLESS_STARTS.stream().sorted().forEach(allowed::add);
        throw new IOException(file + ": init_lora_weights must be one of " + allowed + ", found " + ForeignText.brief(v)
                + ": such an initialisation changes the base, and the adapter belongs to that changed base; let PEFT"
                + " convert it to a plain LoRA (save_pretrained with path_initial_model_for_weight_conversion)");
    }
}
