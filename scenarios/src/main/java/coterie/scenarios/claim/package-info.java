/** Claims about the results of a study, and how seeds decide them. */
package coterie.scenarios.claim;
