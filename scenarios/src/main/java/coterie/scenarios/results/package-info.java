/** What a run leaves: its folder of files, its progress, its table. */
package coterie.scenarios.results;
