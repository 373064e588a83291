/**
 * Runs: {@link coterie.scenarios.run.RunSession} is the life of a run from its scenario to the exit code; the other
 * classes are its parts.
 */
package coterie.scenarios.run;
