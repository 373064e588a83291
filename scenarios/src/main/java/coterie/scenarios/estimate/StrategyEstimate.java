package coterie.scenarios.estimate;

/**
 * What a run under one strategy would take.
 *
 * @param seconds of wall-clock time, without loading
 * @param virtualSeconds of virtual time at its end
 * @param messages sent by all users
 * @param bytes of these messages
 * @param diskBytes of its result files, without checkpoints
 */
record StrategyEstimate(
        String strategy, double seconds, double virtualSeconds, double messages, double bytes, double diskBytes) {
    /** An evaluated token costs the forward pass of a trained one. */
    private static final double FORWARD = 1.0 / 3;

    /**
     * What a run consists of.
     *
     * @param iterations of each user
     * @param ordinaryTurns iterations / every: virtual time in ordinary turns
     * @param turns of each user
     * @param collaborations of each user
     * @param evaluated examples that a user evaluates in the whole run, in examples of an iteration
     * @param untilSeconds virtual seconds at which the run ends; infinite for never
     */
    record Amount(
            double iterations,
            double ordinaryTurns,
            double turns,
            double collaborations,
            double evaluated,
            double untilSeconds) {}

    /**
     * Computes an estimate.
     *
     * <p>Worked example: without collaboration an iteration of all users takes 1 s, with one after each 3 s. 100
     * iterations with 4 collaborations, and evaluations of as much as 30 iterations, take 100 + 4 · 2 + 30 / 3 = 118 s.
     *
     * @param local trials without collaboration, the shorter first
     * @param own trials of the strategy
     */
    static StrategyEstimate of(String strategy, Trial[] local, Trial[] own, Amount run) {
        double step = perTurn(local, Trial::seconds);
        double mixing = Math.max(0, perTurn(own, Trial::seconds) - step);
        double virtual = perTurn(own, Trial::virtualSeconds) * run.ordinaryTurns;
        double share = Math.min(1, run.untilSeconds / virtual);
        Trial last = own[own.length - 1];
        double occasions = last.collaborations() == 0 ? 0 : run.collaborations / last.collaborations();
        return new StrategyEstimate(
                strategy,
                share * (run.iterations * step + run.collaborations * mixing + FORWARD * run.evaluated * step),
                share * virtual,
                share * occasions * last.messages(),
                share * occasions * last.bytes(),
                last.otherBytes() + share * run.turns * perTurn(own, Trial::lineBytes));
    }

    private interface Figure {
        double of(Trial t);
    }

    /** The slope between two trials; of a single one the mean. */
    private static double perTurn(Trial[] trials, Figure figure) {
        Trial first = trials[0];
        Trial last = trials[trials.length - 1];
        if (first == last || figure.of(last) <= figure.of(first)) {
            return figure.of(last) / last.turns();
        }
        return (figure.of(last) - figure.of(first)) / (last.turns() - first.turns());
    }
}
