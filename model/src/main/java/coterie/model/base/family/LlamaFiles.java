package coterie.model.base.family;

import coterie.model.base.ModuleNames;
import coterie.model.base.Role;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** How the files of Llama and of the families made after it name modules and arrays. */
final class LlamaFiles {
    private static final Map<Role, String> MODULES = Map.ofEntries(
            Map.entry(Role.EMBEDDING, "embed_tokens"),
            Map.entry(Role.NORM, "norm"),
            Map.entry(Role.HEAD, "lm_head"),
            Map.entry(Role.ATTENTION_NORM, "input_layernorm"),
            Map.entry(Role.QUERY, "self_attn.q_proj"),
            Map.entry(Role.KEY, "self_attn.k_proj"),
            Map.entry(Role.VALUE, "self_attn.v_proj"),
            Map.entry(Role.OUTPUT, "self_attn.o_proj"),
            Map.entry(Role.MLP_NORM, "post_attention_layernorm"),
            Map.entry(Role.GATE, "mlp.gate_proj"),
            Map.entry(Role.UP, "mlp.up_proj"),
            Map.entry(Role.DOWN, "mlp.down_proj"));
    /** Frequencies, which older versions of transformers saved. */
    private static final Pattern FREQUENCIES =
            Pattern.compile("(?:model\\.)?(?:layers\\.\\d{1,9}\\.self_attn\\.)?rotary_emb\\.inv_freq");

    private LlamaFiles() {}

    /** Llama's names, with those of modules that Llama does not have or names differently. */
    static ModuleNames names(Map<Role, String> more) {
        Map<Role, String> all = new EnumMap<>(MODULES);
        all.putAll(more);
        return new ModuleNames(
                "model.",
                "layers",
                all,
                List.of("model.rotary_emb"),
                List.of("mlp.act_fn"),
                List.of("q_proj", "v_proj"),
                false,
                "num_hidden_layers");
    }

    static boolean ignores(String array) {
        return FREQUENCIES.matcher(array).matches();
    }
}
