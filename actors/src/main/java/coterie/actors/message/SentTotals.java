package coterie.actors.message;

/**
 * Messages that a user has sent. Notices of the simulator are not counted.
 *
 * @param lost of those messages
 * @param parameterBytes of the snapshots sent, lost ones included
 * @param predictionBytes of the snapshots sent, lost ones included
 */
public record SentTotals(long messages, long lost, long parameterBytes, long predictionBytes) {
    /** Before the first message. */
    public static final SentTotals NONE = new SentTotals(0, 0, 0, 0);

    /** What was added since an earlier total. */
    public SentTotals minus(SentTotals earlier) {
        return new SentTotals(
                messages - earlier.messages,
                lost - earlier.lost,
                parameterBytes - earlier.parameterBytes,
                predictionBytes - earlier.predictionBytes);
    }

    /** The sum of two totals. */
    public SentTotals plus(SentTotals other) {
        return new SentTotals(
                messages + other.messages,
                lost + other.lost,
                parameterBytes + other.parameterBytes,
                predictionBytes + other.predictionBytes);
    }
}
