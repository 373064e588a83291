/** One user as plain code: its turns, failures and absences, and the configuration that all users share. */
package coterie.actors.user;
