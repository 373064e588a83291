# Logits of a GPT-2 directory, alone and with a PEFT adapter, as Hugging Face's libraries compute them.
# usage: BASE ADAPTER OUT IDS...
import sys

import torch
from peft import PeftModel
from safetensors.torch import save_file
from transformers import GPT2LMHeadModel

base, adapter, out = sys.argv[1:4]
ids = torch.tensor([[int(i) for i in sys.argv[4:]]])
model = GPT2LMHeadModel.from_pretrained(base, dtype=torch.float32).eval()
with torch.no_grad():
    alone = model(ids).logits[0].clone()
    adapted = PeftModel.from_pretrained(model, adapter).eval()(ids).logits[0]
save_file({"alone": alone.contiguous(), "adapted": adapted.contiguous()}, out)
