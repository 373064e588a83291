/** The runs that lie under a folder as pages: their list, the page of each, and comparisons. */
package coterie.scenarios.serve;
