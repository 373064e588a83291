package coterie.model.base.gguf;

import coterie.model.base.gguf.GgufArray.Change;
import coterie.model.files.gguf.GgufFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The architectures of GGUF files that are read: how llama.cpp's converter names the arrays and modules of a family,
 * and what it changes in them.
 */
enum GgufArchitecture {
    LLAMA(
            "llama",
            List.of(
                    new Name("model.embed_tokens", "token_embd"),
                    new Name("model.norm", "output_norm"),
                    new Name("lm_head", "output"),
                    new Name("model.layers.#.input_layernorm", "blk.#.attn_norm"),
                    new Name("model.layers.#.self_attn.q_proj", "blk.#.attn_q", Change.QUERY_ROWS),
                    new Name("model.layers.#.self_attn.k_proj", "blk.#.attn_k", Change.KEY_ROWS),
                    new Name("model.layers.#.self_attn.v_proj", "blk.#.attn_v"),
                    new Name("model.layers.#.self_attn.o_proj", "blk.#.attn_output"),
                    new Name("model.layers.#.post_attention_layernorm", "blk.#.ffn_norm"),
                    new Name("model.layers.#.mlp.gate_proj", "blk.#.ffn_gate"),
                    new Name("model.layers.#.mlp.up_proj", "blk.#.ffn_up"),
                    new Name("model.layers.#.mlp.down_proj", "blk.#.ffn_down"))),
    QWEN2("qwen2", unchanged(LLAMA.names)),
    QWEN3(
            "qwen3",
            with(
                    QWEN2.names,
                    new Name("model.layers.#.self_attn.q_norm", "blk.#.attn_q_norm"),
                    new Name("model.layers.#.self_attn.k_norm", "blk.#.attn_k_norm"))),
    GEMMA3(
            "gemma3",
            List.of(
                    new Name("model.embed_tokens", "token_embd"),
                    new Name("model.norm", "output_norm", Change.ONE_MORE),
                    new Name("lm_head", "output"),
                    new Name("model.layers.#.input_layernorm", "blk.#.attn_norm", Change.ONE_MORE),
                    new Name("model.layers.#.self_attn.q_proj", "blk.#.attn_q"),
                    new Name("model.layers.#.self_attn.k_proj", "blk.#.attn_k"),
                    new Name("model.layers.#.self_attn.v_proj", "blk.#.attn_v"),
                    new Name("model.layers.#.self_attn.o_proj", "blk.#.attn_output"),
                    new Name("model.layers.#.self_attn.q_norm", "blk.#.attn_q_norm", Change.ONE_MORE),
                    new Name("model.layers.#.self_attn.k_norm", "blk.#.attn_k_norm", Change.ONE_MORE),
                    new Name("model.layers.#.post_attention_layernorm", "blk.#.post_attention_norm", Change.ONE_MORE),
                    new Name("model.layers.#.pre_feedforward_layernorm", "blk.#.ffn_norm", Change.ONE_MORE),
                    new Name("model.layers.#.post_feedforward_layernorm", "blk.#.post_ffw_norm", Change.ONE_MORE),
                    new Name("model.layers.#.mlp.gate_proj", "blk.#.ffn_gate"),
                    new Name("model.layers.#.mlp.up_proj", "blk.#.ffn_up"),
                    new Name("model.layers.#.mlp.down_proj", "blk.#.ffn_down"))),
    GPT_NEOX(
            "gptneox",
            List.of(
                    new Name("gpt_neox.embed_in", "token_embd"),
                    new Name("gpt_neox.final_layer_norm", "output_norm"),
                    new Name("embed_out", "output"),
                    new Name("gpt_neox.layers.#.input_layernorm", "blk.#.attn_norm"),
                    new Name("gpt_neox.layers.#.attention.query_key_value", "blk.#.attn_qkv", Change.QKV_ROWS),
                    new Name("gpt_neox.layers.#.attention.dense", "blk.#.attn_output"),
                    new Name("gpt_neox.layers.#.post_attention_layernorm", "blk.#.ffn_norm"),
                    new Name("gpt_neox.layers.#.mlp.dense_h_to_4h", "blk.#.ffn_up"),
                    new Name("gpt_neox.layers.#.mlp.dense_4h_to_h", "blk.#.ffn_down"))),
    GPT2(
            "gpt2",
            List.of(
                    new Name("transformer.wte", "token_embd"),
                    new Name("transformer.wpe", "position_embd"),
                    new Name("transformer.ln_f", "output_norm"),
                    new Name("lm_head", "output"),
                    new Name("transformer.h.#.ln_1", "blk.#.attn_norm"),
                    new Name("transformer.h.#.attn.c_attn", "blk.#.attn_qkv", Change.TRANSPOSED),
                    new Name("transformer.h.#.attn.c_proj", "blk.#.attn_output", Change.TRANSPOSED),
                    new Name("transformer.h.#.ln_2", "blk.#.ffn_norm"),
                    new Name("transformer.h.#.mlp.c_fc", "blk.#.ffn_up", Change.TRANSPOSED),
                    new Name("transformer.h.#.mlp.c_proj", "blk.#.ffn_down", Change.TRANSPOSED)));

    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d+(?=\\.)");

    /** What {@code general.architecture} says. */
    final String name;

    private final List<Name> names;

    /** A module in both kinds of files; # stands for a block's number. */
    private record Name(String module, String gguf, Change change) {
        Name(String module, String gguf) {
            this(module, gguf, Change.NONE);
        }
    }

    GgufArchitecture(String name, List<Name> names) {
        this.name = name;
        this.names = names;
    }

    private static List<Name> unchanged(List<Name> names) {
        return names.stream().map(n -> new Name(n.module, n.gguf)).toList();
    }

    private static List<Name> with(List<Name> names, Name... more) {
        return Stream.concat(names.stream(), Arrays.stream(more)).toList();
    }

    /** @throws IOException if the file is of none of them */
    static GgufArchitecture of(GgufFile file) throws IOException {
        String found = file.text("general.architecture");
        return Arrays.stream(values())
                .filter(a -> a.name.equals(found))
                .findFirst()
                .orElseThrow(() -> new IOException(file.origin() + ": general.architecture must be one of "
                        + Arrays.stream(values()).map(a -> a.name).toList() + ", found " + found));
    }

    /** How an array with this name in Hugging Face's files stands in a GGUF file; empty if it has no counterpart. */
    Optional<GgufArray> array(String name) {
        return translated(name, true).map(t -> new GgufArray(t.name(), t.change()));
    }

    /** The name in Hugging Face's files of an array with this name in a GGUF file; empty if it has no counterpart. */
    Optional<String> original(String gguf) {
        return translated(gguf, false).map(GgufArray::name);
    }

    private Optional<GgufArray> translated(String name, boolean toGguf) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String kind = name.substring(dot);
        Matcher number = NUMBER.matcher(name);
        String block = number.find() ? number.group() : "";
        String module = NUMBER.matcher(name.substring(0, dot + 1)).replaceFirst("#");
        for (Name n : names) {
            String from = toGguf ? n.module : n.gguf;
            if (module.equals(from + ".")) {
                return Optional.of(new GgufArray((toGguf ? n.gguf : n.module).replace("#", block) + kind, n.change));
            }
        }
        return Optional.empty();
    }

    /** Keys of {@code config.json} by the keys of the metadata that say the same, without the architecture's name. */
    Map<String, String> keys() {
        return switch (this) {
            case GPT2 -> GgufKeys.GPT2;
            case GPT_NEOX -> GgufKeys.GPT_NEOX;
            default -> GgufKeys.LLAMA;
        };
    }
}
