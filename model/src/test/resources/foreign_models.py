"""make FOLDER: bases and adapters as transformers and PEFT save them, with the logits they compute, under honoured/ and refused/. FOLDER holds a
tokenizer.json for all of them. exported FOLDER: the logits of what was written to honoured/NAME/exported."""
import json
import shutil
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import GPT2Config, GPT2LMHeadModel

FOLDER = Path(sys.argv[2])
IDS = torch.tensor([[(31 * k + 7) % 257 for k in range(32)]])
SHAPE = dict(vocab_size=257, n_layer=3, n_embd=32, n_head=4, n_positions=64, initializer_range=0.15)


def load(folder):
    # eager attention: versions of transformers differ in whether the others scale as the configuration says
    return GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def logits(model):
    with torch.no_grad():
        return model(IDS).logits[0].clone().contiguous()


def adapted(folder):
    return logits(PeftModel.from_pretrained(load(folder / "base"), folder / "adapter").eval())


def base(folder, shard="5GB", **keys):
    torch.manual_seed(1)
    model = GPT2LMHeadModel(GPT2Config(**{**SHAPE, **keys}))
    for name, p in model.named_parameters():
        if name.endswith("bias") or "ln_" in name:
            torch.nn.init.normal_(p, mean=1.0 if name.endswith("weight") else 0.0, std=0.1)
    model.save_pretrained(folder / "base", max_shard_size=shard)
    shutil.copy(FOLDER / "tokenizer.json", folder / "base")
    return model


def adapter(folder, model, **keys):
    torch.manual_seed(2)
    peft = get_peft_model(model, LoraConfig(**{"r": 4, "lora_alpha": 8, "fan_in_fan_out": True, "task_type": "CAUSAL_LM",
                                               "target_modules": ["c_attn", "c_proj", "c_fc"], **keys}))
    for name, p in peft.named_parameters():
        if "lora_" in name or "modules_to_save" in name or "trainable_tokens_delta" in name or keys.get("bias") and name.endswith("bias"):
            p.data += 0.1 * torch.randn_like(p)
    peft.save_pretrained(folder / "adapter")


def honoured():
    bases = {"plain": {}, "no-scale": dict(scale_attn_weights=False), "inverse-layer": dict(scale_attn_by_inverse_layer_idx=True),
             "neither": dict(scale_attn_weights=False, scale_attn_by_inverse_layer_idx=True), "upcast": dict(reorder_and_upcast_attn=True),
             "untied": dict(tie_word_embeddings=False), "sharded": dict(shard="40KB"), "exact-gelu": dict(activation_function="gelu"),
             "tanh-gelu": dict(activation_function="gelu_pytorch_tanh"), "inner": dict(n_inner=128), "narrow": dict(n_inner=64), "epsilon": dict(layer_norm_epsilon=0.1),
             "untied-sharded": dict(tie_word_embeddings=False, shard="40KB")}
    for name, keys in bases.items():
        folder = FOLDER / "honoured" / ("base-" + name)
        base(folder, **keys)
        save_file({"logits": logits(load(folder / "base"))}, folder / "logits.safetensors")
    adapters = {"plain": {}, "rslora": dict(use_rslora=True), "c_attn": dict(target_modules=None), "all-linear": dict(target_modules="all-linear"),
                "alpha-pattern": dict(alpha_pattern={"c_attn": 32, "h.1.mlp.c_fc": 2}), "uniform-ranks": dict(rank_pattern={".*": 4}, r=8),
                "alpha-regex": dict(alpha_pattern={r"transformer\.h\.[12]\..*c_proj": 3}, use_rslora=True, lora_alpha=5),
                "regex": dict(target_modules=r".*\.(attn|mlp)\.c_(attn|fc)"), "exclude": dict(exclude_modules=["mlp.c_proj"]),
                "all-layers": dict(layers_to_transform=[0, 1, 2], layers_pattern="h"), "orthogonal": dict(init_lora_weights="orthogonal"),
                "gaussian": dict(init_lora_weights="gaussian")}
    for name, keys in adapters.items():
        folder = FOLDER / "honoured" / ("adapter-" + name)
        adapter(folder, base(folder), **keys)
        save_file({"logits": adapted(folder)}, folder / "logits.safetensors")


def refused():
    """Each with how its files look to a reader that passes over the key, and how far such a reader would be off."""
    adapters = {"dora": (dict(use_dora=True), dict(use_dora=False)),
                "modules-to-save": (dict(modules_to_save=["ln_f"]), dict(modules_to_save=None)),
                "lora-bias": (dict(lora_bias=True), dict(lora_bias=False)), "bias": (dict(bias="all"), dict(bias="none")),
                "pissa": (dict(init_lora_weights="pissa"), dict(init_lora_weights=True)),
                "ranks": (dict(rank_pattern={"c_attn": 2}), None), "layers": (dict(layers_to_transform=[0]), None),
                "tokens": (dict(trainable_token_indices=[7, 38, 69]), dict(trainable_token_indices=None)),
                "embedding": (dict(target_modules=["c_attn", "wte"]), dict(target_modules=["c_attn"]))}
    for name, (keys, without) in adapters.items():
        folder = FOLDER / "refused" / ("adapter-" + name)
        adapter(folder, base(folder), **keys)
        theirs = adapted(folder)
        if without is not None:
            file = folder / "adapter" / "adapter_config.json"
            written = file.read_text()
            file.write_text(json.dumps({**json.loads(written), **without}))
            weights = folder / "adapter" / "adapter_model.safetensors"
            arrays = load_file(weights)
            save_file({k: v for k, v in arrays.items() if k.endswith(("lora_A.weight", "lora_B.weight"))}, weights)
            save_file({"off": (theirs - adapted(folder)).abs().max().reshape(1)}, folder / "off.safetensors")
            file.write_text(written)
            save_file(arrays, weights, {"format": "pt"})
    bases = {"relu": (dict(activation_function="relu"), dict(activation_function="gelu_new")),
             "silu": (dict(activation_function="silu"), dict(activation_function="gelu_new")), "layers": ({}, dict(n_layer=2))}
    for name, (keys, without) in bases.items():
        folder = FOLDER / "refused" / ("base-" + name)
        base(folder, **keys)
        theirs = logits(load(folder / "base"))
        if without is not None:
            file = folder / "base" / "config.json"
            written = file.read_text()
            file.write_text(json.dumps({**json.loads(written), **without}))
            save_file({"off": (theirs - logits(load(folder / "base"))).abs().max().reshape(1)}, folder / "off.safetensors")
            file.write_text(written if name != "layers" else file.read_text())


if sys.argv[1] == "make":
    honoured()
    refused()
else:
    for folder in sorted((FOLDER / "honoured").glob("adapter-*")):
        model = PeftModel.from_pretrained(load(folder / "base"), folder / "exported").eval()
        save_file({"logits": logits(model)}, folder / "exported.safetensors")
