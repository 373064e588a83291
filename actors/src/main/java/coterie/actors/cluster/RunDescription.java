package coterie.actors.cluster;

/** A run as its starter describes it to nodes, and what it expects of them. */
public interface RunDescription {
    /** The program that nodes must run, as {@link RunFactory#version} gives it. */
    String version();

    /** The run, in words that a {@link RunFactory} understands. */
    String text();

    /** What a node must know to find the inputs of these users without those of all others. */
    byte[] inputs(int[] users);

    /** The hash that a node with the right inputs of these users has. */
    String fingerprint(int[] users);

    /** Memory that a user takes on a node, about. */
    long bytesPerUser();
}
