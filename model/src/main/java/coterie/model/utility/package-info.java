/** How much a user would gain from a little of a neighbour's model, and the evidence from which it might infer that. */
package coterie.model.utility;
