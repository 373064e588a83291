/** What a checkpoint contains, how it is encoded, and when one is written. */
package coterie.actors.checkpoint;
