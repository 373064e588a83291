/** A user's life as plain code: turns, inbox, what is sent and when. Knows neither actors nor threads. */
package coterie.actors.user;
