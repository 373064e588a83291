package coterie.actors.life;

import coterie.model.trust.TrustRow;

/** Something that happened to a user and is worth recording. {@link #seconds} are virtual. */
public sealed interface Observation {
    double seconds();

    int user();

    /**
     * A turn ended.
     *
     * @param started virtual seconds at which it began
     * @param iteration local iterations done in all
     * @param trainingLoss mean over the turn, in nats; NaN where nothing was trained
     * @param collaborative whether the turn's end was an occasion to publish and mix
     * @param tookPart whether the user did
     * @param sent messages, lost those of them that do not arrive
     * @param parameterBytes sent in all, predictions apart
     * @param hash of the parameters
     */
    record TurnEnded(double seconds, int user, int turn, double started, int iteration, double trainingLoss, long tokens, boolean collaborative,
            boolean tookPart, int sent,
            int lost, long parameterBytes, long predictionBytes, long hash) implements Observation {
    }

    /**
     * A user's perplexity on its test set.
     *
     * @param turn turns done
     * @param loss in nats
     */
    record Evaluated(double seconds, int user, int iteration, int turn, double loss) implements Observation {
        public double perplexity() {
            return Math.exp(loss);
        }
    }

    /**
     * A user mixed.
     *
     * @param turn at whose end
     * @param row what was used
     * @param secondsOld virtual seconds since each candidate's snapshot was sent; 0 for the user itself
     */
    record Mixed(double seconds, int user, int turn, TrustRow row, double[] secondsOld) implements Observation {
    }
}
