/** What users send each other: snapshots of parameters or updates, and predictions on the shared set. */
package coterie.model.exchange;
