/** GPT-2 as a family of bases: its configuration, its arrays and layers, and its blocks in TorchScript. */
package coterie.model.base.gpt2;
