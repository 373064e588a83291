/** Text: sources, tokenizers, and the partition of documents among users. */
package coterie.model.text;
