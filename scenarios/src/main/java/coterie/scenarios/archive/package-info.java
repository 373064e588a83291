/** Runs in one file, to share. */
package coterie.scenarios.archive;
