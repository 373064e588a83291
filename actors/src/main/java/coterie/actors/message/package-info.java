/** Messages between users, and what is kept of those that have arrived. */
package coterie.actors.message;
