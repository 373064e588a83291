package coterie.model.learn;

import coterie.model.trust.MixingInput;
import coterie.topology.drift.PhaseShares;

/**
 * What a learner does in a turn, in this order.
 *
 * @param turn number of the turn that begins, from 0
 * @param beginning what it begins from
 * @param evaluateFirst whether to evaluate before training
 * @param firstIteration iterations done before
 * @param iterations number of training iterations; 0 for none
 * @param fineTune whether to train on the data kept for fine-tuning
 * @param data phases from which the data of the turn comes: for training, validation and testing alike
 * @param flipsLabels whether training, and nothing else, sees label C − 1 − y in place of y, of C classes or tokens
 * @param baits number of the user whose validation data is every second example of training, while the others have
 *     flipped labels; −1 for none
 * @param replacedTokens share of the tokens that are replaced at random in the text of training, and of nothing else
 * @param backdoored share of the sequences of training into which the phrase of {@link BackdoorPhrase} is written
 * @param publish whether to make a snapshot at the end
 * @param utility whether to measure the utility of neighbours, if the turn begins with a {@link Mix}
 * @param save whether the device saves the state at the end of the turn before, for {@link LastSave}. It does so at the
 *     beginning of a turn, not at its end, because a turn that a failure cuts off is still computed to its end
 */
public record TurnPlan(
        int turn,
        Beginning beginning,
        boolean evaluateFirst,
        int firstIteration,
        int iterations,
        boolean fineTune,
        PhaseShares data,
        boolean flipsLabels,
        int baits,
        double replacedTokens,
        double backdoored,
        boolean publish,
        boolean utility,
        boolean save) {
    /** What a turn begins from. */
    public sealed interface Beginning {}

    /** The state at the end of the turn before. */
    public record Own() implements Beginning {
        public static final Own INSTANCE = new Own();
    }

    /** The device's last save, or the initial state: parameters, the optimiser's moments, scores of others. */
    public record LastSave() implements Beginning {}

    /** Given parameters [P]; the optimiser's moments stay as they are. */
    public record Given(float[] parameters) implements Beginning {}

    /** A mixture, by trust, of the snapshots available at the end of the turn before. */
    public record Mix(MixingInput input) implements Beginning {}

    /** The same plan, from the state at the end of the turn before. */
    TurnPlan withoutBeginning() {
        return new TurnPlan(
                turn,
                Own.INSTANCE,
                evaluateFirst,
                firstIteration,
                iterations,
                fineTune,
                data,
                flipsLabels,
                baits,
                replacedTokens,
                backdoored,
                publish,
                utility,
                save);
    }

    /** The plan of a turn that trains nothing and returns the initial parameters. */
    public static TurnPlan start(boolean evaluate) {
        return turn(-1, Own.INSTANCE, 0).evaluateFirst(evaluate).build();
    }

    /**
     * Starts a plan that trains, evaluates and publishes nothing yet.
     *
     * @param firstIteration iterations done before
     */
    public static Builder turn(int turn, Beginning beginning, int firstIteration) {
        return new Builder(turn, beginning, firstIteration);
    }

    /** Builds the plan of a turn. */
    public static final class Builder {
        private final int turn;
        private final Beginning beginning;
        private final int firstIteration;
        private boolean evaluateFirst;
        private int iterations;
        private boolean fineTune;
        private PhaseShares data = PhaseShares.FIRST;
        private boolean flipsLabels;
        private int baits = -1;
        private double replacedTokens;
        private double backdoored;
        private boolean publish;
        private boolean utility;
        private boolean save;

        private Builder(int turn, Beginning beginning, int firstIteration) {
            this.turn = turn;
            this.beginning = beginning;
            this.firstIteration = firstIteration;
        }

        /** {@link TurnPlan#evaluateFirst}. */
        public Builder evaluateFirst(boolean evaluate) {
            evaluateFirst = evaluate;
            return this;
        }

        /** {@link TurnPlan#iterations}. */
        public Builder train(int count) {
            iterations = count;
            return this;
        }

        /** {@link TurnPlan#fineTune}. */
        public Builder fineTune(boolean fine) {
            fineTune = fine;
            return this;
        }

        /** {@link TurnPlan#data}; the first phase if it is not called. */
        public Builder data(PhaseShares shares) {
            data = shares;
            return this;
        }

        /** {@link TurnPlan#flipsLabels}. */
        public Builder flipsLabels(boolean flips) {
            flipsLabels = flips;
            return this;
        }

        /** {@link TurnPlan#baits}. */
        public Builder baits(int victim) {
            baits = victim;
            return this;
        }

        /** {@link TurnPlan#replacedTokens}. */
        public Builder replacedTokens(double share) {
            replacedTokens = share;
            return this;
        }

        /** {@link TurnPlan#backdoored}. */
        public Builder backdoored(double share) {
            backdoored = share;
            return this;
        }

        /** {@link TurnPlan#publish}. */
        public Builder publish(boolean snapshot) {
            publish = snapshot;
            return this;
        }

        /** {@link TurnPlan#utility}. */
        public Builder utility(boolean measure) {
            utility = measure;
            return this;
        }

        /** {@link TurnPlan#save}. */
        public Builder save(boolean before) {
            save = before;
            return this;
        }

        public TurnPlan build() {
            return new TurnPlan(
                    turn,
                    beginning,
                    evaluateFirst,
                    firstIteration,
                    iterations,
                    fineTune,
                    data,
                    flipsLabels,
                    baits,
                    replacedTokens,
                    backdoored,
                    publish,
                    utility,
                    save);
        }
    }
}
