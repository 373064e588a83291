/** What is learned: the kind of data, where it comes from, and the metrics that are reported. */
package coterie.model.task;
