/** Bases in GGUF files: their configuration, arrays and tokenizer as Hugging Face's files would have them. */
package coterie.model.base.gguf;
