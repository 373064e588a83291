"""Random small bases of every family with LoRA, as transformers and PEFT save them, and what those compute.

make FOLDER SEED COUNT     COUNT configurations of each family under FOLDER/FAMILY-NUMBER: base/, adapter/ and judged.safetensors with
                           logits, losses of every token, and gradients of the mean loss with respect to A and B by their names; of the base alone
                           its loss, and norm and sum of the gradient of each parameter. FOLDER holds
                           a tokenizer.json for all of them, whose vocabulary is the bases'.
golden FOLDER              one tiny configuration of each family, for the ordinary build
exported FOLDER            logits of the adapters that were written to FOLDER/*/exported, as exported.safetensors
"""
import json
import random
import shutil
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

VOCABULARY = 61 if sys.argv[1] == "golden" else 257
torch.set_num_threads(1)


def pick(r, *options):
    return options[r.randrange(len(options))]


def sizes(r, gold):
    heads = pick(r, 2, 4)
    return dict(vocab_size=VOCABULARY, num_hidden_layers=2 if gold else pick(r, 1, 2, 3), hidden_size=16 if gold else pick(r, 24, 32, 48),
                intermediate_size=24 if gold else pick(r, 40, 64, 88), num_attention_heads=heads, num_key_value_heads=pick(r, 1, 2, heads),
                max_position_embeddings=32 if gold else 64, initializer_range=0.2, rms_norm_eps=pick(r, 1e-6, 1e-5, 1e-2))


def with_head_dim(r, keys, least=4):
    # also heads whose widths do not add up to the base's
    keys["head_dim"] = keys["hidden_size"] // keys["num_attention_heads"] if pick(r, True, False) else pick(r, least, 12, 16)
    if keys["head_dim"] % 2:
        keys["head_dim"] += 1
    return keys


def plain_head_dim(keys):
    keys["hidden_size"] = keys["num_attention_heads"] * 8
    return keys


def scaling(r):
    return pick(r, None, None, dict(rope_type="linear", factor=2.5),
                dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16))


def gpt2(r, gold):
    heads = pick(r, 2, 4)
    return dict(vocab_size=VOCABULARY, n_layer=2 if gold else pick(r, 1, 2, 3), n_embd=8 * heads, n_head=heads, n_positions=32 if gold else 64, initializer_range=0.2,
                n_inner=pick(r, None, 40), activation_function=pick(r, "gelu_new", "gelu", "gelu_pytorch_tanh"), layer_norm_epsilon=pick(r, 1e-5, 1e-2),
                scale_attn_weights=pick(r, True, False), scale_attn_by_inverse_layer_idx=pick(r, True, False), tie_word_embeddings=pick(r, True, False),
                attn_pdrop=0.0, resid_pdrop=0.0, embd_pdrop=0.0)


def llama(r, gold):
    return with_head_dim(r, dict(**sizes(r, gold), rope_theta=pick(r, 1e4, 5e5), rope_scaling=scaling(r), attention_bias=pick(r, True, False),
                                 mlp_bias=pick(r, True, False), tie_word_embeddings=pick(r, True, False)))


def mistral(r, gold):
    return with_head_dim(r, dict(**sizes(r, gold), rope_theta=pick(r, 1e4, 1e6), sliding_window=pick(r, None, 2, 7, 64), tie_word_embeddings=pick(r, True, False)))


def qwen(r, gold):
    keys = dict(**sizes(r, gold), rope_theta=pick(r, 1e4, 1e6), tie_word_embeddings=pick(r, True, False), use_sliding_window=pick(r, True, False),
                sliding_window=pick(r, 5, 11), max_window_layers=pick(r, 0, 1))
    return keys


def qwen2(r, gold):
    return plain_head_dim(qwen(r, gold))


def qwen3(r, gold):
    return with_head_dim(r, dict(**qwen(r, gold), attention_bias=pick(r, True, False)))


def gemma2(r, gold):
    return with_head_dim(r, dict(**sizes(r, gold), rope_theta=1e4, sliding_window=pick(r, 5, 64), query_pre_attn_scalar=pick(r, 8, 25),
                                 attn_logit_softcapping=pick(r, None, 50.0, 2.0), final_logit_softcapping=pick(r, None, 30.0, 3.0),
                                 attention_bias=pick(r, True, False), tie_word_embeddings=pick(r, True, False)))


def gemma3_text(r, gold):
    keys = with_head_dim(r, dict(**sizes(r, gold), rope_theta=1e6, rope_local_base_freq=pick(r, 1e4, 1e3), sliding_window=pick(r, 5, 64),
                                 query_pre_attn_scalar=pick(r, 8, 25), final_logit_softcapping=pick(r, None, 30.0, 3.0),
                                 attention_bias=pick(r, True, False), tie_word_embeddings=pick(r, True, False),
                                 rope_scaling=pick(r, None, dict(rope_type="linear", factor=8.0))))
    n = keys["num_hidden_layers"]
    keys["layer_types"] = [pick(r, "sliding_attention", "full_attention") for _ in range(n)]
    return keys


def gpt_neox(r, gold):
    heads = pick(r, 2, 4)
    return dict(vocab_size=VOCABULARY, num_hidden_layers=2 if gold else pick(r, 1, 2, 3), hidden_size=8 * heads, num_attention_heads=heads,
                intermediate_size=pick(r, 40, 64), max_position_embeddings=32 if gold else 64, initializer_range=0.2, layer_norm_eps=pick(r, 1e-5, 1e-2),
                hidden_act=pick(r, "gelu", "gelu_new"), rotary_pct=pick(r, 0.25, 0.5, 1.0), rotary_emb_base=pick(r, 10000, 500),
                use_parallel_residual=pick(r, True, False), attention_bias=pick(r, True, False), tie_word_embeddings=pick(r, True, False))


FAMILIES = dict(gpt2=gpt2, llama=llama, mistral=mistral, qwen2=qwen2, qwen3=qwen3, gemma2=gemma2, gemma3_text=gemma3_text, gpt_neox=gpt_neox)
# What the golden configurations are to have in any case.
LLAMA3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)
GOLDEN = dict(gpt2=dict(scale_attn_by_inverse_layer_idx=True, n_embd=16, n_head=2),
              llama=dict(rope_scaling=LLAMA3, attention_bias=True, mlp_bias=True, num_key_value_heads=1), mistral=dict(sliding_window=5),
              qwen2=dict(use_sliding_window=True, sliding_window=5, max_window_layers=1, num_attention_heads=2, num_key_value_heads=1, hidden_size=16),
              qwen3=dict(head_dim=12, num_key_value_heads=1),
              gemma2=dict(sliding_window=5, attn_logit_softcapping=2.0, final_logit_softcapping=3.0),
              gemma3_text=dict(sliding_window=5, layer_types=["sliding_attention", "full_attention"], num_key_value_heads=1),
              gpt_neox=dict(use_parallel_residual=True, attention_bias=True, rotary_pct=0.25, num_attention_heads=2, hidden_size=16))
TARGETS = dict(gpt2=["c_attn", "c_proj", "c_fc"], gpt_neox=["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"])
LLAMA_TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def ids(length):
    return torch.tensor([[(31 * k + 7) % VOCABULARY for k in range(length)], [(17 * k + 3) % VOCABULARY for k in range(length)]])


def targets(length):
    return torch.tensor([[(31 * (k + 1) + 7) % VOCABULARY for k in range(length)], [(17 * (k + 1) + 3) % VOCABULARY for k in range(length)]])


def lora(r, family, gold):
    names = TARGETS.get(family, LLAMA_TARGETS)
    chosen = names if gold else pick(r, None, "all-linear", r.sample(names, r.randrange(1, len(names) + 1)), names)
    keys = dict(r=pick(r, 2, 3), lora_alpha=pick(r, 4, 9), target_modules=chosen, fan_in_fan_out=family == "gpt2", task_type="CAUSAL_LM",
                use_rslora=pick(r, False, True))
    if pick(r, False, True):
        keys["alpha_pattern"] = {names[0]: 5}
    if pick(r, False, True):
        keys["rank_pattern"] = {".*": keys["r"]}
    return LoraConfig(**keys)


def judged(folder, length):
    model = PeftModel.from_pretrained(load(folder / "base"), folder / "adapter", is_trainable=True).eval()
    logits = model(ids(length)).logits
    losses = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets(length).flatten(), reduction="none")
    losses.mean().backward()
    out = {"logits": logits.detach().flatten(0, 1).contiguous(), "losses": losses.detach()}
    for name, p in model.named_parameters():
        if p.requires_grad:
            # as adapter_model.safetensors names them
            out[name.replace(".default", "")] = p.grad.contiguous()
    return out


def whole(folder, length):
    """The base alone, trained as a whole: its loss, and norm and sum of each parameter's gradient."""
    model = load(folder / "base")
    logits = model(ids(length)).logits
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets(length).flatten())
    loss.backward()
    out = {"whole.loss": loss.detach().reshape(1)}
    for name, p in model.named_parameters():
        # From transformers 5.24 on, GPT-NeoX's output head has another name in memory than in files.
        name = name.replace("lm_head.", "embed_out.") if model.config.model_type == "gpt_neox" else name
        out["whole." + name] = torch.stack([p.grad.norm(), p.grad.sum()])
    return out


def make(folder, family, r, length, gold=False, dtype=None):
    keys = FAMILIES[family](r, gold)
    if gold:
        keys.update(GOLDEN[family])
    torch.manual_seed(r.randrange(1 << 30))
    # without a padding token, whose embedding gets no gradient
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(family, pad_token_id=None, **keys), attn_implementation="eager")
    for name, p in model.named_parameters():
        if p.dim() == 1:
            p.data += 0.2 * torch.randn_like(p)
    kind = dtype or pick(r, "float32", "float16", "bfloat16")
    # gradients are compared in float32, of weights that the smaller types can hold
    shards = {} if gold else dict(max_shard_size=pick(r, "1GB", "20KB"))
    model.to(getattr(torch, kind)).save_pretrained(folder / "base", **shards)
    peft = get_peft_model(load(folder / "base"), lora(r, family, gold))
    for name, p in peft.named_parameters():
        if "lora_" in name:
            p.data = 0.1 * torch.randn_like(p)
    peft.save_pretrained(folder / "adapter")
    save_file({**judged(folder, length), **whole(folder, length)}, folder / "judged.safetensors")


if sys.argv[1] == "make":
    root, seed, count = Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    for family in FAMILIES:
        for k in range(count):
            folder = root / f"{family}-{k}"
            make(folder, family, random.Random(f"{seed} {family} {k}"), 24)
            shutil.copy(root / "tokenizer.json", folder / "base")
elif sys.argv[1] == "golden":
    for family in FAMILIES:
        folder = Path(sys.argv[2]) / family
        make(folder, family, random.Random("golden " + family), 12, gold=True, dtype="bfloat16")
        # what is not read, and the name of this machine's folder
        for file in ["adapter/README.md", "base/generation_config.json"]:
            (folder / file).unlink()
        config = folder / "adapter/adapter_config.json"
        config.write_text(json.dumps({**json.loads(config.read_text()), "base_model_name_or_path": family}, indent=1) + "\n")
else:
    for folder in sorted(p.parent for p in Path(sys.argv[2]).glob("*/exported")):
        model = PeftModel.from_pretrained(load(folder / "base"), folder / "exported").eval()
        with torch.no_grad():
            save_file({"logits": model(ids(24)).logits.flatten(0, 1).contiguous()}, folder / "exported.safetensors")
