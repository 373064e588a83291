package coterie.actors.message;

import coterie.topology.network.Bandwidth;
import coterie.topology.network.Links;

/**
 * How messages travel.
 *
 * @param lines bandwidth of each user's line; null if transfers take no time
 * @param keepsMail whether messages that arrive while a user is away wait for it; otherwise they are dropped
 */
public record NetworkModel(Links.Network links, Bandwidth.Lines lines, boolean keepsMail) {
    /** Whether bytes from one user to another take time. */
    public boolean transfers(int from, int to, long bytes) {
        return lines != null && bytes > 0 && lines.limit(from, to);
    }

    /** Whether the bytes of a message take time. */
    public boolean transfers(Message m) {
        return transfers(m.from(), m.to(), m.payload().bytes());
    }
}
