/** Turns: how iterations are divided into them, and when the next one begins. */
package coterie.actors.schedule;
