"""make BASE ADAPTER [KEYS]: an adapter as PEFT itself makes and saves it, KEYS of its LoraConfig as JSON. logits BASE ADAPTER OUT IDS...: what GPT-2 with an adapter computes."""
import json
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import GPT2LMHeadModel

base = GPT2LMHeadModel.from_pretrained(sys.argv[2], dtype=torch.float32)
if sys.argv[1] == "make":
    torch.manual_seed(3)
    keys = {"target_modules": ["c_attn", "c_proj", "c_fc"], **json.loads(sys.argv[4])}
    model = get_peft_model(base, LoraConfig(r=4, lora_alpha=32, lora_dropout=0.1, fan_in_fan_out=True, task_type="CAUSAL_LM", **keys))
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.02)
    model.save_pretrained(sys.argv[3])
else:
    model = PeftModel.from_pretrained(base, sys.argv[3]).eval()
    with torch.no_grad():
        logits = model(torch.tensor([[int(i) for i in sys.argv[5:]]])).logits[0]
    save_file({"logits": logits.contiguous()}, sys.argv[4])
