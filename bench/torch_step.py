"""The training step of `coterie bench`, written independently in PyTorch: GPT-2 with LoRA on a frozen base,
cross-entropy, AdamW.

usage: torch_step.py [--model 124m|tiny|smollm2-135m] [--batch 2] [--context 128] [--threads 2] [--steps 12] [--bfloat16] [--device cpu|cuda:N] [--peft]
--peft: the model of Hugging Face's transformers (for smollm2-135m a Llama) with an adapter of PEFT, in place of the model below
"""
import argparse
import math
import time

import torch
import torch.nn.functional as F


class LoraLinear(torch.nn.Module):
    def __init__(self, fan_in, fan_out, rank, alpha, dropout):
        super().__init__()
        self.weight = torch.nn.Parameter(0.02 * torch.randn(fan_out, fan_in), requires_grad=False)
        self.bias = torch.nn.Parameter(torch.zeros(fan_out), requires_grad=False)
        self.a = torch.nn.Parameter((2 * torch.rand(rank, fan_in) - 1) / math.sqrt(fan_in))
        self.b = torch.nn.Parameter(torch.zeros(fan_out, rank))
        self.scale = alpha / rank
        self.dropout = dropout

    def forward(self, x):
        low = F.linear(F.dropout(x, self.dropout), self.a)
        return F.linear(x, self.weight, self.bias) + self.scale * F.linear(low, self.b)


class Block(torch.nn.Module):
    def __init__(self, width, heads, lora):
        super().__init__()
        self.heads = heads
        self.ln_1 = torch.nn.LayerNorm(width)
        self.ln_2 = torch.nn.LayerNorm(width)
        self.qkv = LoraLinear(width, 3 * width, *lora)
        self.out = LoraLinear(width, width, *lora)
        self.fc = LoraLinear(width, 4 * width, *lora)
        self.proj = LoraLinear(4 * width, width, *lora)

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = (y.view(n, t, self.heads, -1).transpose(1, 2) for y in self.qkv(self.ln_1(x)).split(d, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(n, t, d))
        return x + self.proj(F.gelu(self.fc(self.ln_2(x)), approximate="tanh"))


class Gpt2(torch.nn.Module):
    def __init__(self, layers, width, heads, vocabulary, context, lora):
        super().__init__()
        self.wte = torch.nn.Parameter(0.02 * torch.randn(vocabulary, width), requires_grad=False)
        self.wpe = torch.nn.Parameter(0.02 * torch.randn(context, width), requires_grad=False)
        self.blocks = torch.nn.ModuleList(Block(width, heads, lora) for _ in range(layers))
        self.ln_f = torch.nn.LayerNorm(width)
        for m in self.modules():
            if isinstance(m, torch.nn.LayerNorm):
                m.requires_grad_(False)

    def forward(self, ids, targets):
        x = F.embedding(ids, self.wte) + self.wpe[: ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.ln_f(x), self.wte)
        return F.cross_entropy(logits.view(-1, logits.shape[-1]).float(), targets.view(-1))


class Peft(torch.nn.Module):
    def __init__(self, name, shape, lora, bfloat16):
        super().__init__()
        from peft import LoraConfig, get_peft_model
        from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

        layers, width, heads, vocabulary, context = shape
        rank, alpha, dropout = lora
        if name == "smollm2-135m":
            base = LlamaForCausalLM(LlamaConfig(
                num_hidden_layers=layers, hidden_size=width, num_attention_heads=heads, num_key_value_heads=3,
                intermediate_size=1536, vocab_size=vocabulary, max_position_embeddings=context, rope_theta=100000.0,
                rms_norm_eps=1e-5, tie_word_embeddings=True, use_cache=False))
            places = dict(target_modules="all-linear")
        else:
            base = GPT2LMHeadModel(GPT2Config(
                n_layer=layers, n_embd=width, n_head=heads, vocab_size=vocabulary, n_positions=context,
                resid_pdrop=0, embd_pdrop=0, attn_pdrop=0))
            places = dict(target_modules=["c_attn", "c_proj", "c_fc"], fan_in_fan_out=True)
        # The base is held in bfloat16, the adapter in float32, as with Coterie.
        base = base.to(torch.bfloat16 if bfloat16 else torch.float32)
        adapter = LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=dropout, task_type="CAUSAL_LM", **places)
        self.model = get_peft_model(base, adapter, autocast_adapter_dtype=True)
        self.model.train()

    def forward(self, ids, targets):
        logits = self.model(ids).logits
        return F.cross_entropy(logits.view(-1, logits.shape[-1]).float(), targets.view(-1))


SHAPES = {
    "124m": (12, 768, 12, 50257, 1024),
    "tiny": (6, 192, 6, 4096, 128),
    "smollm2-135m": (30, 576, 9, 49152, 8192),
}
parser = argparse.ArgumentParser()
parser.add_argument("--model", default="124m", choices=SHAPES)
parser.add_argument("--batch", type=int, default=2)
parser.add_argument("--context", type=int, default=128)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--steps", type=int, default=12)
parser.add_argument("--dropout", type=float, default=0.1)
parser.add_argument("--bfloat16", action="store_true")
parser.add_argument("--device", default="cpu")
parser.add_argument("--peft", action="store_true")
a = parser.parse_args()
torch.set_num_threads(a.threads)
torch.manual_seed(0)
device = torch.device(a.device)
gpu = device.type == "cuda"
if a.model == "smollm2-135m" and not a.peft:
    parser.error("--model smollm2-135m needs --peft")
shape = SHAPES[a.model]
lora = (4, 32, a.dropout)
model = (Peft(a.model, shape, lora, a.bfloat16) if a.peft else Gpt2(*shape, lora)).to(device)
trainable = [p for p in model.parameters() if p.requires_grad]
optimiser = torch.optim.AdamW(trainable, lr=1e-4, betas=(0.9, 0.95), weight_decay=1e-3)
ids = torch.randint(shape[3], (a.batch, a.context), device=device)
targets = torch.roll(ids, -1, 1)
wall, cpu = [], []
for _ in range(a.steps):
    w, c = time.perf_counter(), time.process_time()
    with torch.autocast(device.type, torch.bfloat16, enabled=a.bfloat16 and not a.peft):
        loss = model(ids, targets)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    if gpu:
        torch.cuda.synchronize(device)
    wall.append(time.perf_counter() - w)
    cpu.append(time.process_time() - c)
wall, cpu = sorted(wall[2:]), sorted(cpu[2:])
tokens = a.batch * a.context
name = torch.cuda.get_device_name(device) if gpu else f"{a.threads} threads"
what = "transformers and PEFT on " if a.peft else ""
print(f"{what}PyTorch {torch.__version__}, {a.model}, {a.batch} x {a.context} tokens, {name}, {'bfloat16' if a.bfloat16 else 'float32'}: "
      f"{tokens / wall[len(wall) // 2]:.0f} tokens/s (best {tokens / wall[0]:.0f}), {tokens / cpu[len(cpu) // 2]:.0f} tokens a CPU second, "
      f"{sum(p.numel() for p in trainable)} adapter parameters")
