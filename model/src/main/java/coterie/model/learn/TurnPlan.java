package coterie.model.learn;

import coterie.model.trust.MixingInput;

/**
 * What a user is to do from the beginning of a turn to its end, in this order.
 *
 * @param turn number of the turn that begins, from 0
 * @param beginning what it begins from
 * @param evaluateFirst whether to evaluate before training
 * @param firstIteration iterations done before
 * @param iterations how many to train; 0 for none
 * @param fineTune whether to train on the data kept for fine-tuning
 * @param publish whether to make a snapshot at the end
 * @param save whether to save, before all else, what the turn before has left, for {@link Saved}. Not at a turn's end:
 *     a turn that a crash will cut is computed to its end all the same
 */
public record TurnPlan(
        int turn,
        Beginning beginning,
        boolean evaluateFirst,
        int firstIteration,
        int iterations,
        boolean fineTune,
        boolean publish,
        boolean save) {
    /** What a turn begins from. */
    public sealed interface Beginning {}

    /** What the turn before has left. */
    public record Own() implements Beginning {
        public static final Own INSTANCE = new Own();
    }

    /** What was saved last, or the start: parameters, moments, what is known of the others. */
    public record Saved() implements Beginning {}

    /** These parameters [P]; moments stay as they are. */
    public record Given(float[] parameters) implements Beginning {}

    /** A mixture by trust of what is there at the end of the turn before. */
    public record Mix(MixingInput input) implements Beginning {}

    /** Asks for the parameters with which a user starts: a turn that trains nothing. */
    public static TurnPlan start(boolean evaluate) {
        return turn(-1, Own.INSTANCE, 0).evaluateFirst(evaluate).build();
    }

    /**
     * Starts the plan of a turn that does nothing but begin.
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
        private boolean publish;
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

        /** {@link TurnPlan#publish}. */
        public Builder publish(boolean snapshot) {
            publish = snapshot;
            return this;
        }

        /** {@link TurnPlan#save}. */
        public Builder save(boolean before) {
            save = before;
            return this;
        }

        public TurnPlan build() {
            return new TurnPlan(turn, beginning, evaluateFirst, firstIteration, iterations, fineTune, publish, save);
        }
    }
}
