/** Scenario files: their schema, their defaults, and how a mistake in one is told. */
package coterie.scenarios.config;
