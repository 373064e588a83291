/**
 * What is learned: the kind of data, the target positions that count in the loss, and the metrics that are reported.
 */
package coterie.model.task;
