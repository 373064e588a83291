/** The files of a run, its progress and its table: written, read again and checked. */
package coterie.scenarios.results;
