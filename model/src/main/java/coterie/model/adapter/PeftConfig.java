package coterie.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.Projection;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PEFT's {@code adapter_config.json} of a LoRA. Every key is honoured, known to have no effect here, or refused by
 * name.
 *
 * <p>A {@link LoraConfig} has one rank and one scale α/r for all layers. Where PEFT scales a layer differently, by α/√r
 * ({@code use_rslora}) or by an α of its own ({@code alpha_pattern}), {@link #fold} is the factor that B is multiplied
 * by, so that the plain scale gives the same function. Training continues with the plain scale.
 *
 * @param lora rank, α, dropout and targets
 * @param scales PEFT's factor of B A, [block][projection in the family's order]; 0 where nothing is adapted
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
     * Initialisations that leave the base unchanged. All others subtract their first B A from its weights, and do so
     * again when PEFT loads them.
     */
    private static final Set<String> HARMLESS_STARTS = Set.of("gaussian", "eva", "orthogonal");

    private static final int PEFT_DEFAULT = 8;

    /**
     * Reads the configuration of an adapter for a base.
     *
     * @throws IOException with file and key, where a key cannot be honoured
     */
    static PeftConfig read(JsonNode json, String file, DecoderConfig base) throws IOException {
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
        BaseFamily family = base.family();
        PeftTargets targets = new PeftTargets(json, family, file);
        PeftPatterns ranks = new PeftPatterns(json, "rank_pattern", file);
        PeftPatterns alphas = new PeftPatterns(json, "alpha_pattern", file);
        boolean byRoot = ForeignKeys.flag(json, "use_rslora", false, file);
        Set<Projection> adapted = targets.projections(base.blocks());
        List<Projection> projections = family.projections();
        double[][] scales = new double[base.blocks()][projections.size()];
        int common = 0;
        for (int layer = 0; layer < base.blocks(); layer++) {
            for (Projection p : adapted) {
                String module = family.names().module(layer, p);
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
                scales[layer][projections.indexOf(p)] = alphas.of(module, alpha) / (byRoot ? Math.sqrt(r) : r);
            }
        }
        return new PeftConfig(new LoraConfig(common, alpha, dropout, Target.naming(adapted, family)), scales);
    }

    /** The factor of a layer's B with which the scale α/r gives PEFT's function; 1 for a plain LoRA. */
    double fold(AdapterLayout.Part p, BaseFamily family) {
        double scale = scales[p.layer()][family.projections().indexOf(p.projection())];
        return scale == lora.scale() ? 1 : scale / lora.scale();
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
