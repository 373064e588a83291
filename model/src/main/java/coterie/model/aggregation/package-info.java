/** From a trust row and the contributions that it weighs to a user's next parameters. */
package coterie.model.aggregation;
