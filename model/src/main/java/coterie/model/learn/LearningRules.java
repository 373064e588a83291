package coterie.model.learn;

import coterie.model.exchange.Exchange;

/**
 * Settings of learning, equal for all users of a run.
 *
 * @param seed of batches, dropout and samples
 * @param batch sequences per pass
 * @param accumulation passes an update
 * @param context tokens a sequence
 * @param schedule learning rate of each iteration
 * @param exchange what is sent and mixed
 * @param evaluateEvery iterations between evaluations
 * @param evaluation on what
 * @param validation what a trust by validation performance looks at
 * @param predictions where logits are compared; null where the strategy compares none
 * @param noisy whether the base's dropout of attention stays on where nothing is trained, as in the released code
 * @param crashes whether users may have to go back to what they started from
 * @param utility how the utility of neighbours is measured; null where it is not
 */
public record LearningRules(
        long seed,
        int batch,
        int accumulation,
        int context,
        Schedule schedule,
        Exchange exchange,
        int evaluateEvery,
        EvaluationRules evaluation,
        ValidationRules validation,
        PredictionRules predictions,
        boolean noisy,
        boolean crashes,
        UtilityRules utility) {
    /** Rules of users that do not measure the utility of neighbours. */
    public LearningRules(
            long seed,
            int batch,
            int accumulation,
            int context,
            Schedule schedule,
            Exchange exchange,
            int evaluateEvery,
            EvaluationRules evaluation,
            ValidationRules validation,
            PredictionRules predictions,
            boolean noisy,
            boolean crashes) {
        this(
                seed,
                batch,
                accumulation,
                context,
                schedule,
                exchange,
                evaluateEvery,
                evaluation,
                validation,
                predictions,
                noisy,
                crashes,
                null);
    }

    /**
     * How the utility of neighbours is measured: on {@link ValidationRules#tokens} of the validation set, always the
     * same, without dropout.
     *
     * @param epsilon ε of {@link coterie.model.utility.UtilityMeter}
     * @param predictions where predictions are compared
     */
    public record UtilityRules(double epsilon, PredictionRules predictions) {}

    /**
     * What is evaluated.
     *
     * @param tokens of the test set at most, the same for every method; 0 for all
     * @param released instead, as the released code does: twelve random batches of the validation set, drawn again
     *     every time
     * @param backdoor whose success is measured too; null for none
     */
    public record EvaluationRules(int tokens, boolean released, BackdoorPhrase backdoor) {
        /** Without a backdoor. */
        public EvaluationRules(int tokens, boolean released) {
            this(tokens, released, null);
        }
    }

    /**
     * What a trust by validation performance looks at.
     *
     * @param tokens of the validation set at most; 0 for all
     * @param released instead, as the released code does: twelve random batches, drawn again for every pair of users
     *     and every time
     */
    public record ValidationRules(int tokens, boolean released) {}

    /**
     * Where predictions are compared.
     *
     * @param topK logits kept at a position
     * @param windows sequences of X_S, as many of every category; at least one of each
     * @param lastOnly whether only the last position of each sequence counts, as in the released code
     * @param changes whether what training has changed is compared, and not the predictions themselves
     * @param anewEachTurn whether other sequences are drawn for every turn, from all categories together; comparable
     *     only between users at the same turn
     */
    public record PredictionRules(int topK, int windows, boolean lastOnly, boolean changes, boolean anewEachTurn) {}
}
