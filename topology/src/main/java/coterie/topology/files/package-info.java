/** Strict readers for text files in UTF-8. */
package coterie.topology.files;
