/** The GGUF format of llama.cpp: metadata, and arrays that may be quantised. */
package coterie.model.files.gguf;
