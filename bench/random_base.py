"""A GPT-2 124M with random weights and a tokenizer of single bytes, in Hugging Face's layout: as large as the published
one and as fast, where that one is not at hand. Needs PyTorch.

usage: random_base.py FOLDER [--small]
"""
import json
import pathlib
import sys

import torch

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
layers, width, heads, vocabulary, context = (2, 64, 2, 50257, 1024) if "--small" in sys.argv else (12, 768, 12, 50257, 1024)
(folder / "config.json").write_text(json.dumps({
    "model_type": "gpt2", "n_layer": layers, "n_embd": width, "n_head": heads, "vocab_size": vocabulary,
    "n_positions": context, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new"}))

# GPT-2's tokenizer writes each byte as a printable character.
printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
others = [b for b in range(256) if b not in printable]
words = {**{chr(b): b for b in printable}, **{chr(256 + k): b for k, b in enumerate(others)}, "<|endoftext|>": vocabulary - 1}
(folder / "vocab.json").write_text(json.dumps(words))
(folder / "merges.txt").write_text("#version: 0.2\n")

shapes = {"wte.weight": (vocabulary, width), "wpe.weight": (context, width), "ln_f.weight": (width,), "ln_f.bias": (width,)}
for l in range(layers):
    for name, out in ("ln_1", width), ("ln_2", width):
        shapes |= {f"h.{l}.{name}.weight": (out,), f"h.{l}.{name}.bias": (out,)}
    for name, shape in {"attn.c_attn": (width, 3 * width), "attn.c_proj": (width, width),
                        "mlp.c_fc": (width, 4 * width), "mlp.c_proj": (4 * width, width)}.items():
        shapes |= {f"h.{l}.{name}.weight": shape, f"h.{l}.{name}.bias": shape[1:]}
torch.manual_seed(0)
header, arrays, at = {}, [], 0
for name, shape in shapes.items():
    if name.endswith("bias"):
        a = torch.zeros(shape)
    elif ".ln_" in f".{name}":
        a = torch.ones(shape)
    else:
        a = 0.02 * torch.randn(shape)
    arrays.append(a)
    header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [at, at + 4 * a.numel()]}
    at += 4 * a.numel()
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(folder / "model.safetensors", "wb") as f:
    f.write(len(text).to_bytes(8, "little") + text)
    for a in arrays:
        f.write(bytes(a.untyped_storage()))
