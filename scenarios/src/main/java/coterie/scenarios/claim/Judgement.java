package coterie.scenarios.claim;

/**
 * The verdict on a claim, and the numbers behind it.
 *
 * @param effect mean over seeds of the claim's number, which is positive if the claim is right; of the part that
 *     decides, if it has several. For equality it is the relative difference. NaN if there is none
 * @param interval half of the effect's confidence interval
 * @param confidence confidence of the interval, which grows with the number of claims
 * @param probability p-value, corrected for the number of claims; NaN if there is none
 * @param seeds number of seeds with a value
 * @param needed seeds that would decide an unclear claim if effect and deviation stayed as they are; 0 if it is decided
 */
public record Judgement(
        Claim claim,
        Verdict verdict,
        double effect,
        double interval,
        double confidence,
        double probability,
        int seeds,
        int needed) {}
