"""The training step of `coterie bench --model smollm2-135m` by Hugging Face's transformers and peft: a Llama of that
shape with random weights, LoRA on all linear layers of its blocks, cross-entropy, AdamW.

usage: peft_step.py [--batch 2] [--context 128] [--threads 2] [--steps 12] [--bfloat16] [--device cpu]
"""
import argparse
import statistics
import time

import torch
import transformers
from peft import LoraConfig, get_peft_model


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--context", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    config = transformers.LlamaConfig(
        vocab_size=49152, hidden_size=576, intermediate_size=1536, num_hidden_layers=30, num_attention_heads=9,
        num_key_value_heads=3, max_position_embeddings=8192, rope_theta=100000.0, tie_word_embeddings=True,
        rms_norm_eps=1e-5, use_cache=False)
    model = transformers.LlamaForCausalLM(config)
    if arguments.bfloat16:
        model = model.to(torch.bfloat16)
    lora = LoraConfig(r=4, lora_alpha=32, lora_dropout=0.1, target_modules="all-linear", task_type="CAUSAL_LM")
    # adapters stay in float32, as Coterie's do
    model = get_peft_model(model, lora, autocast_adapter_dtype=True).to(arguments.device)
    model.train()
    learned = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=1e-4, weight_decay=0.1)
    ids = torch.randint(config.vocab_size, (arguments.batch, arguments.context), device=arguments.device)
    seconds = []
    for step in range(arguments.steps + 2):
        begin = time.perf_counter()
        model(input_ids=ids, labels=ids).loss.backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if arguments.device != "cpu":
            torch.cuda.synchronize()
        if step >= 2:
            seconds.append(time.perf_counter() - begin)
    tokens = arguments.batch * arguments.context
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, "
          f"{'bfloat16' if arguments.bfloat16 else 'float32'}, {arguments.batch} x {arguments.context}, "
          f"{arguments.threads} threads: {tokens / statistics.median(seconds):.0f} tokens/s "
          f"(best {tokens / min(seconds):.0f}), {sum(p.numel() for p in learned):,} numbers learned")


main()
