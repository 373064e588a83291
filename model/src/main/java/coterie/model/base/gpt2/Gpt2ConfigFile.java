package coterie.model.base.gpt2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * Hugging Face's {@code config.json} of a GPT-2. Every key is honoured, known to have no effect here, or refused:
 * dropout is the scenario's, labels and settings of generation belong to other uses of a model.
 */
final class Gpt2ConfigFile {
    /** Synonyms that transformers accepts. */
    private static final Map<String, String> ALIASES = Map.of(
            "n_layer",
            "num_hidden_layers",
            "n_embd",
            "hidden_size",
            "n_head",
            "num_attention_heads",
            "n_positions",
            "max_position_embeddings");
    /** Names of activations: true for GELU by the error function, false for its tanh approximation. */
    private static final Map<String, Boolean> ACTIVATIONS = Map.of(
            "gelu_new",
            false,
            "gelu_pytorch_tanh",
            false,
            "gelu_fast",
            false,
            "gelu_accurate",
            false,
            "gelu",
            true,
            "gelu_python",
            true);

    private static final Set<String> HONOURED = Set.of(
            "model_type",
            "n_layer",
            "n_embd",
            "n_head",
            "n_positions",
            "vocab_size",
            "num_hidden_layers",
            "hidden_size",
            "num_attention_heads",
            "max_position_embeddings",
            "layer_norm_epsilon",
            "activation_function",
            "n_inner",
            "scale_attn_weights",
            "scale_attn_by_inverse_layer_idx",
            "tie_word_embeddings");
    private static final Set<String> INERT = Set.of(
            // How the numbers are computed, stored and named.
            "architectures",
            "reorder_and_upcast_attn",
            "use_cache",
            "torch_dtype",
            "dtype",
            "transformers_version",
            "_name_or_path",
            "_commit_hash",
            "attn_implementation",
            "_attn_implementation",
            "_attn_implementation_autoset",
            "_attn_implementation_internal",
            "experts_implementation",
            "_experts_implementation",
            "_experts_implementation_internal",
            "gradient_checkpointing",
            "torchscript",
            "use_bfloat16",
            "tf_legacy_loss",
            "xla_device",
            "n_ctx",
            "n_special",
            "predict_special_tokens",
            "return_dict",
            "output_attentions",
            "output_hidden_states",
            "_output_attentions",
            "output_past",
            "use_return_dict",
            "use_past",
            "is_decoder",
            "tie_encoder_decoder",
            "cross_attention_hidden_size",
            "keys_to_ignore_at_inference",
            "pretraining_tp",
            "base_model_tp_plan",
            "base_model_pp_plan",
            "base_model_ep_plan",
            "is_composition",
            "n_vocab",
            "transformers.js_config",
            "unsloth_version",
            "unsloth_fixed",
            "custom_pipelines",
            "chunk_size_feed_forward",
            "remove_invalid_values",
            // Provenance.
            "author",
            "authors",
            "creator",
            "created_date",
            "date",
            "license",
            "copyright",
            "description",
            "version",
            "tags",
            "language",
            "languages",
            "lang",
            "dataset",
            "datasets",
            "model_name",
            "name",
            "name_or_path",
            "revision",
            "task",
            "_auto_class",
            "_from_model_config",
            // Training; the scenario decides.
            "loss_type",
            "seed",
            "dropout",
            "attention_dropout",
            "hidden_dropout",
            "attn_dropout",
            "embd_dropout",
            "embed_dropout",
            "embedding_dropout",
            "resid_dropout",
            "activation_dropout",
            "classifier_dropout",
            "hidden_dropout_prob",
            "attention_probs_dropout_prob",
            "attn_pdrop",
            "embd_pdrop",
            "resid_pdrop",
            "initializer_range",
            // Heads of other models.
            "summary_activation",
            "summary_first_dropout",
            "summary_proj_to_labels",
            "summary_type",
            "summary_use_proj",
            "id2label",
            "label2id",
            "num_labels",
            "_num_labels",
            "problem_type",
            "finetuning_task",
            // Tokens and generation.
            "bos_token_id",
            "eos_token_id",
            "pad_token_id",
            "sep_token_id",
            "cls_token_id",
            "mask_token_id",
            "unk_token_id",
            "decoder_start_token_id",
            "tokenizer_class",
            "prefix",
            "task_specific_params",
            "max_length",
            "min_length",
            "do_sample",
            "early_stopping",
            "num_beams",
            "num_beam_groups",
            "diversity_penalty",
            "temperature",
            "top_k",
            "top_p",
            "typical_p",
            "repetition_penalty",
            "length_penalty",
            "no_repeat_ngram_size",
            "encoder_no_repeat_ngram_size",
            "bad_words_ids",
            "num_return_sequences",
            "output_scores",
            "return_dict_in_generate",
            "forced_bos_token_id",
            "forced_eos_token_id",
            "exponential_decay_length_penalty",
            "suppress_tokens",
            "begin_suppress_tokens",
            "max_new_tokens",
            "min_new_tokens",
            "max_time",
            "min_p",
            "penalty_alpha",
            "epsilon_cutoff",
            "eta_cutoff",
            "encoder_repetition_penalty",
            "force_words_ids",
            "renormalize_logits",
            "constraints",
            "sequence_bias",
            "guidance_scale",
            "stop_strings",
            "output_logits",
            "low_memory",
            "num_assistant_tokens",
            "num_assistant_tokens_schedule",
            "prompt_lookup_num_tokens",
            "cache_implementation",
            "cache_config",
            "return_legacy_cache",
            "model_max_length",
            "padding_side",
            "truncation_side",
            "bos_token",
            "eos_token",
            "pad_token",
            "unk_token");
    private static final Map<String, String> REFUSED = Map.of(
            "add_cross_attention", "blocks would attend to an encoder",
            "is_encoder_decoder", "blocks would attend to an encoder",
            "quantization_config", "weights would be read as quantised numbers",
            "pruned_heads", "attention heads would be left out",
            "auto_map", "the model would be code of its own",
            "rope_scaling", "positions would be rotated");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ForeignKeys KEYS = new ForeignKeys(HONOURED, INERT, REFUSED);

    private Gpt2ConfigFile() {}

    /** @throws IOException with file and key, where a key cannot be honoured */
    static Gpt2Config read(JsonNode json, String file) throws IOException {
        KEYS.check(json, file);
        String activation = ForeignKeys.text(json, "activation_function", "gelu_new", file);
        if (!ACTIVATIONS.containsKey(activation)) {
            throw new IOException(file + ": activation_function must be one of "
                    + ACTIVATIONS.keySet().stream().sorted().toList() + ", found " + activation);
        }
        double epsilon = ForeignKeys.number(json, "layer_norm_epsilon", 1e-5, file);
        if (!(epsilon > 0)) {
            throw new IOException(file + ": layer_norm_epsilon must be greater than 0, found " + epsilon);
        }
        int width = size(json, "n_embd", file);
        JsonNode inner = json.path("n_inner");
        if (!inner.isMissingNode() && !inner.isNull() && ForeignKeys.count(inner, "n_inner", file) != 4L * width) {
            throw new IOException(
                    file + ": n_inner must be 4 times n_embd (" + 4L * width + ") or null, found " + inner);
        }
        Gpt2Config.AttentionScale attention = new Gpt2Config.AttentionScale(
                ForeignKeys.flag(json, "scale_attn_weights", true, file),
                ForeignKeys.flag(json, "scale_attn_by_inverse_layer_idx", false, file));
        int heads = size(json, "n_head", file);
        if (width % heads != 0) {
            throw new IOException(file + ": n_embd must be a multiple of n_head (" + heads + "), found " + width);
        }
        return new Gpt2Config(
                size(json, "n_layer", file),
                width,
                heads,
                atLeastTwo(json, "vocab_size", file),
                atLeastTwo(json, "n_positions", file),
                epsilon,
                ACTIVATIONS.get(activation),
                attention,
                ForeignKeys.flag(json, "tie_word_embeddings", true, file));
    }

    /** The file of a base of this shape, with GPT-2's own attention and activation and a tied output head. */
    static String write(Gpt2Config config, int endOfText) {
        ObjectNode n = JSON.createObjectNode();
        n.putArray("architectures").add("GPT2LMHeadModel");
        n.put("model_type", Gpt2Family.INSTANCE.modelType()).put("activation_function", "gelu_new");
        n.put("n_layer", config.layers()).put("n_embd", config.width()).put("n_head", config.heads());
        n.put("n_positions", config.context()).put("n_ctx", config.context()).put("vocab_size", config.vocabulary());
        n.put("layer_norm_epsilon", config.epsilon()).put("tie_word_embeddings", true);
        n.put("bos_token_id", endOfText).put("eos_token_id", endOfText);
        n.put("attn_pdrop", 0.0).put("embd_pdrop", 0.0).put("resid_pdrop", 0.0);
        return n.toPrettyString() + "\n";
    }

    private static int atLeastTwo(JsonNode json, String key, String file) throws IOException {
        int n = size(json, key, file);
        if (n < 2) {
            throw new IOException(file + ": " + key + " must be at least 2, found " + n);
        }
        return n;
    }

    private static int size(JsonNode json, String key, String file) throws IOException {
        String alias = ALIASES.getOrDefault(key, key);
        JsonNode own = json.path(key);
        JsonNode other = json.path(alias);
        if (!own.isMissingNode() && !other.isMissingNode() && !own.equals(other)) {
            throw new IOException(file + ": " + key + " is " + ForeignText.brief(own) + ", but " + alias
                    + ", which means the same, is "
                    + ForeignText.brief(other));
        }
        return own.isMissingNode()
                ? ForeignKeys.count(other, other.isMissingNode() ? key : alias, file)
                : ForeignKeys.count(own, key, file);
    }
}
