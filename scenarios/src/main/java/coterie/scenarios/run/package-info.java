/** From a scenario to a run: what it needs is loaded once, then its strategies are run one after another. */
package coterie.scenarios.run;
