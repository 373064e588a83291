/** Text: where it comes from, how it becomes tokens, and who holds what. */
package coterie.model.text;
