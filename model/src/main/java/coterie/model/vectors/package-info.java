/** Vectors of numbers with a class each, from CSV files, and how they are divided among users. */
package coterie.model.vectors;
