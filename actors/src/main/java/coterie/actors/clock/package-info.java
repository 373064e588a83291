/** Clocks and actors: let users advance, in virtual or real time, and record what they do. */
package coterie.actors.clock;
