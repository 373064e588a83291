/** What a run would take, from short trials. */
package coterie.scenarios.estimate;
