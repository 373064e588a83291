# Writes quants.gguf, an array of each type of random blocks, and quants.f32, what the package gguf reads in them one after the other:
# python quants.py FOLDER
import sys, numpy as np, gguf
from gguf import GGMLQuantizationType as Q
rng = np.random.default_rng(7)
out = sys.argv[1]
w = gguf.GGUFWriter(out + "/quants.gguf", "llama")
w.add_uint32("llama.block_count", 2)
w.add_float32("llama.attention.layer_norm_rms_epsilon", 1e-5)
w.add_array("tokenizer.ggml.tokens", ["a", "Ġb", "é"])
want = []
for t in [Q.F32, Q.F16, Q.BF16, Q.Q4_0, Q.Q4_1, Q.Q5_0, Q.Q5_1, Q.Q8_0, Q.Q4_K, Q.Q5_K, Q.Q6_K]:
    block, size = gguf.GGML_QUANT_SIZES[t]
    blocks = 512 // block
    raw = rng.integers(0, 256, (blocks, size), dtype=np.uint8)
    def half(at):
        v = rng.normal(0, 1, blocks).astype(np.float16)
        raw[:, at:at + 2] = v.view(np.uint8).reshape(blocks, 2)
    if t == Q.F32: raw = rng.normal(0, 1, 512).astype(np.float32).view(np.uint8).reshape(blocks, size)
    elif t == Q.F16: half(0)
    elif t == Q.BF16: raw = (rng.normal(0, 1, 512).astype(np.float32).view(np.uint32) >> 16).astype(np.uint16).view(np.uint8).reshape(blocks, size)
    elif t == Q.Q6_K: half(208)
    else:
        half(0)
        if t in (Q.Q4_1, Q.Q5_1, Q.Q4_K, Q.Q5_K): half(2)
    data = raw.reshape(2, -1)
    if t == Q.F32: w.add_tensor(t.name, data.view(np.float32).reshape(2, 256))
    elif t == Q.F16: w.add_tensor(t.name, data.view(np.float16).reshape(2, 256))
    else: w.add_tensor(t.name, data, raw_dtype=t)
    d = data.view(np.float32) if t == Q.F32 else gguf.dequantize(data.view(np.float16) if t == Q.F16 else data, t)
    want.append(np.asarray(d, np.float32).reshape(-1))
w.write_header_to_file(); w.write_kv_data_to_file(); w.write_tensors_to_file(); w.close()
np.concatenate(want).tofile(out + "/quants.f32")
