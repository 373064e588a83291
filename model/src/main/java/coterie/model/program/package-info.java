/** GPT-2 as it runs: the frozen base on a device, and the program of a training step with LoRA and its gradient. */
package coterie.model.program;
