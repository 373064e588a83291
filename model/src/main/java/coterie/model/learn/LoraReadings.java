package coterie.model.learn;

import ai.djl.ndarray.NDArray;
import coterie.model.text.UserData;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;

/** What the forward passes of a user with an adapter read: of which data, and with which dropout. */
final class LoraReadings {
    private static final int RELEASED_BATCHES = 12;
    /** Test sequences on which the success of a backdoor is measured, at most. */
    private static final int PROBES = 16;

    private static final int OF_TESTS = -1;
    private static final int OF_PREDICTIONS = -2;

    private final int user;
    private final UserData data;
    /** X_S, [categories][tokens]. */
    private final int[][] shared;

    private final LearningRules rules;

    LoraReadings(int user, UserData data, int[][] shared, LearningRules rules) {
        this.user = user;
        this.data = data;
        this.shared = shared;
        this.rules = rules;
    }

    /** For an evaluation. */
    ForwardPasses.Reading test(NDArray adapter, int phase, int iteration) {
        UserData of = data.phase(phase);
        TokenWindows windows = rules.evaluation().released()
                ? released(of, OF_TESTS, iteration)
                : fixed(of.test(), rules.evaluation().tokens());
        return new ForwardPasses.Reading(adapter, windows, noise(OF_TESTS, iteration));
    }

    /** For the success of the backdoor: test sequences that end with its phrase. */
    ForwardPasses.Reading backdoor(NDArray adapter, int phase) {
        BackdoorPhrase phrase = rules.evaluation().backdoor();
        int end = rules.context() + 1 - phrase.length();
        TokenWindows windows = fixed(data.phase(phase).test(), Math.multiplyExact(PROBES, rules.context()))
                .containing(phrase, i -> end);
        return new ForwardPasses.Reading(adapter, windows, ForwardPasses.QUIET);
    }

    /** For the predictions that the user publishes. */
    ForwardPasses.Reading predictions(NDArray adapter, int turn) {
        TokenWindows windows = new SharedWindows(shared, rules, rules.predictions()).at(turn);
        return new ForwardPasses.Reading(adapter, windows, noise(OF_PREDICTIONS, turn));
    }

    /**
     * For the trust in a candidate.
     *
     * @param adapter of the candidate
     */
    ForwardPasses.Reading validation(NDArray adapter, int phase, int candidate, int turn) {
        UserData of = data.phase(phase);
        TokenWindows windows = rules.validation().released()
                ? released(of, candidate, turn)
                : fixed(of.validation(), rules.validation().tokens());
        return new ForwardPasses.Reading(adapter, windows, noise(candidate, turn));
    }

    /** Number of candidates whose validation losses are computed in one pass. It follows from the schedule alone. */
    int validationPlaces(Passes passes) {
        int n = rules.validation().released()
                ? Math.multiplyExact(RELEASED_BATCHES, rules.batch())
                : windows(data.validation(), rules.validation().tokens());
        return ForwardStacks.places(passes, n, rules.context());
    }

    /** For the loss by which the utility of a neighbour is measured. */
    ForwardPasses.Reading utility(NDArray adapter, int phase) {
        TokenWindows windows =
                fixed(data.phase(phase).validation(), rules.validation().tokens());
        return new ForwardPasses.Reading(adapter, windows, ForwardPasses.QUIET);
    }

    /** For the predictions that are compared beside the utility of a neighbour. */
    ForwardPasses.Reading utilityPredictions(NDArray adapter) {
        TokenWindows windows = new SharedWindows(shared, rules, rules.utility().predictions()).at(0);
        return new ForwardPasses.Reading(adapter, windows, ForwardPasses.QUIET);
    }

    /** Random batches of the validation set, drawn again on each occasion. */
    private TokenWindows released(UserData of, int occasion, int when) {
        return TokenWindows.random(
                of.validation(),
                Math.multiplyExact(RELEASED_BATCHES, rules.batch()),
                rules.context(),
                RandomStream.of(rules.seed(), Purpose.VALIDATION, user, occasion, when));
    }

    /**
     * Windows of a set, evenly spread and always the same.
     *
     * @param limit most tokens; 0 for all windows
     */
    private TokenWindows fixed(int[] tokens, int limit) {
        int n = windows(tokens, limit);
        return TokenWindows.spread(tokens, 0, n, n, rules.context());
    }

    private int windows(int[] tokens, int limit) {
        int available = TokenWindows.available(tokens, rules.context());
        return limit == 0 ? available : Math.max(1, Math.min(available, limit / rules.context()));
    }

    /**
     * Dropout that the released code leaves on in evaluation; none if it is off.
     *
     * @param occasion and {@code when}: its key
     */
    private ForwardPasses.Noise noise(long occasion, long when) {
        return rules.noisy()
                ? at -> new long[] {
                    RandomStream.name(rules.seed(), Purpose.EVALUATION_DROPOUT, occasion, when, at, user)
                }
                : ForwardPasses.QUIET;
    }
}
