package coterie.actors.cluster;

import coterie.actors.cluster.ChunkedTransport.Chunk;

/** What one transport receives from another in a session: takes chunks in order and joins them into frames. */
final class IncomingStream {
    private final long session;
    private final long largest;
    private long expected;
    private long acknowledged;
    private byte[] frame;

    /** @param largest bytes of a frame; a chunk of a larger one is refused */
    IncomingStream(long session, long largest) {
        this.session = session;
        this.largest = largest;
    }

    long session() {
        return session;
    }

    /** Chunks received in order. */
    long expected() {
        return expected;
    }

    /** Chunks received since the last acknowledgement. */
    long unacknowledged() {
        return expected - acknowledged;
    }

    /** An acknowledgement of all received chunks is on its way. */
    void acknowledge() {
        acknowledged = expected;
    }

    /** Whether the chunk is the next one and agrees with the frame so far. */
    boolean fits(Chunk c) {
        return c.number() == expected
                && c.total() >= 0
                && c.total() <= largest
                && c.at() >= 0
                && c.length() >= 0
                && (long) c.at() + c.length() <= c.total()
                && (frame == null ? c.at() == 0 : frame.length == c.total());
    }

    /**
     * Takes a chunk that {@link #fits}.
     *
     * @return the frame that it completes; null if more chunks follow
     */
    byte[] accept(Chunk c) {
        expected++;
        if (frame == null && c.length() == c.total() && c.bytes().length == c.total()) {
            return c.bytes();
        }
        frame = frame == null ? new byte[c.total()] : frame;
        System.arraycopy(c.bytes(), c.begin(), frame, c.at(), c.length());
        if (c.at() + c.length() < c.total()) {
            return null;
        }
        byte[] complete = frame;
        frame = null;
        return complete;
    }
}
