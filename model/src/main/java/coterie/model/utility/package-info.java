/** How much a user would gain from a little of a neighbour's model, and what might have told it so. */
package coterie.model.utility;
