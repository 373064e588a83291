package coterie.actors.user;

import coterie.actors.message.SentTotals;

/**
 * A user's messages in a run.
 *
 * @param received taken by the user
 * @param dropped arrived while it was away or its device was down
 */
public record MessageCounts(SentTotals sent, long received, long dropped) {
    /** No messages. */
    public static final MessageCounts NONE = new MessageCounts(SentTotals.NONE, 0, 0);
}
