package coterie.scenarios.results;

/**
 * How fast a run goes, from the end of its first turn in this process: before that it loads and compiles, and turns
 * that an earlier process did say nothing of this one.
 *
 * <p>Worked example: the first turn ends after 60 s, and 10 more end in the next 20 s. Then a turn takes 2 s, and 5
 * left ones take 10 s.
 */
final class Pace {
    private boolean begun;
    private long nanos;
    private long turns;
    private long tokens;

    /** Notes the end of a turn; only the first matters. */
    void ended(long nowNanos, long turnsDone, long tokensDone) {
        if (!begun) {
            begun = true;
            nanos = nowNanos;
            turns = turnsDone;
            tokens = tokensDone;
        }
    }

    /** Wall-clock seconds of a turn, of all users together; NaN if that is not known yet. */
    double secondsPerTurn(long nowNanos, long turnsDone) {
        return begun && turnsDone > turns ? (nowNanos - nanos) / 1e9 / (turnsDone - turns) : Double.NaN;
    }

    /** Tokens or rows in a second; NaN if that is not known yet. */
    double tokensPerSecond(long nowNanos, long tokensDone) {
        return begun && nowNanos > nanos && tokensDone > tokens
                ? (tokensDone - tokens) / ((nowNanos - nanos) / 1e9)
                : Double.NaN;
    }
}
