package coterie.model.learn;

import coterie.model.exchange.Exchange;
import coterie.model.program.AdamW;
import coterie.model.utility.UtilityMeter;

/**
 * How users learn a softmax regression.
 *
 * @param seed of batches
 * @param batch rows a pass, drawn with replacement
 * @param accumulation passes an update
 * @param schedule learning rate of each iteration
 * @param optimiser constants of AdamW
 * @param l2 λ of the penalty λ/2 · ‖W‖² that is added to the training loss; biases are not penalised
 * @param exchange what is sent and mixed
 * @param evaluateEvery iterations between evaluations
 * @param crashes whether users may have to go back to their start
 * @param utility how the utility of neighbours is measured; null where it is not
 */
public record SoftmaxRules(
        long seed,
        int batch,
        int accumulation,
        Schedule schedule,
        AdamW optimiser,
        double l2,
        Exchange exchange,
        int evaluateEvery,
        boolean crashes,
        UtilityMeter utility) {
    public SoftmaxRules {
        if (batch < 1 || accumulation < 1 || !(l2 >= 0 && l2 < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("batch and accumulation must be at least 1, l2 at least 0; found "
                    + batch + ", " + accumulation + ", " + l2);
        }
    }
}
