/** GPT-2: its shape, its files, the frozen base, and the program that runs it with LoRA. */
package coterie.model.gpt2;
