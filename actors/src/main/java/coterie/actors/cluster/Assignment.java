package coterie.actors.cluster;

/**
 * What a node is asked to host.
 *
 * @param run as its starter describes it
 * @param users that the node hosts, ascending
 * @param inputs where their inputs are to be found, as {@link RunDescription#inputs} gives it
 */
public record Assignment(String run, int[] users, byte[] inputs) {}
