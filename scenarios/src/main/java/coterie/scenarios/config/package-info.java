/** Scenario files: schema, defaults, validation and error messages. */
package coterie.scenarios.config;
