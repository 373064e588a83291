/**
 * Pages that show one run or several: their data, added up during a run or from its files, in one self-contained HTML
 * file.
 */
package coterie.scenarios.report;
