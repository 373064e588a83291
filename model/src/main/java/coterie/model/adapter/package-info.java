/** LoRA adapters: their shape, their start, and their files. */
package coterie.model.adapter;
