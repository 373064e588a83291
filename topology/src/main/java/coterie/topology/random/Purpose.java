package coterie.topology.random;

/**
 * What a random number is for. Two purposes never share a number, so that adding a draw for one of them leaves all
 * others as they were. The codes are part of every recorded run: append, never renumber.
 */
public enum Purpose {
    /** Order of documents within a category. */
    DOCUMENTS(1),
    /** Text of the built-in corpora. */
    GRAMMAR(2),
    /** Windows of training text. */
    BATCH(3),
    /** Start values of adapters and of a base that is trained from nothing. */
    INITIAL_WEIGHTS(4),
    /** Dropout masks. */
    DROPOUT(5),
    /** How long a turn's computation takes. */
    COMPUTE_TIME(6),
    /** How long a message is under way. */
    LATENCY(7),
    /** Whether a message is lost. */
    LOSS(8),
    /** Whether a user takes part in a turn. */
    PARTICIPATION(9),
    /** Windows of validation text. */
    VALIDATION(10),
    /** Windows of the shared set on which predictions are compared. */
    SHARED(11),
    /** When a user's first turn starts. */
    START(12),
    /** Whether a message arrives twice. */
    DUPLICATION(13),
    /** Whether a message is held up behind later ones. */
    REORDERING(14),
    /** How fast a user's line is. */
    BANDWIDTH(15),
    /** How long a user is present and away. */
    PRESENCE(16),
    /** When a user's device fails, and for how long. */
    CRASH(17),
    /** With whom a user exchanges in a turn. */
    PEERS(18),
    /** Edges of a graph. */
    GRAPH(19),
    /** Which device, of those recorded, a user has. */
    DEVICE(20),
    /** Who is slow. */
    STRAGGLERS(21),
    /** Text that a model writes, to be looked at. */
    SAMPLES(22),
    /** Dropout masks where nothing is trained. */
    EVALUATION_DROPOUT(23);

    final long code;

    Purpose(long code) {
        this.code = code;
    }
}
