/** The command line. */
package coterie.scenarios.command;
