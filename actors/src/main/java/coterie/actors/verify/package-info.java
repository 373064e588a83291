/** Whether what a run says of itself can be true. */
package coterie.actors.verify;
