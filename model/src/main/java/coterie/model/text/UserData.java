package coterie.model.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One user's data: token ids, with documents separated by the end of text. No document is in two of {@code train},
 * {@code validation} and {@code test}, with two users, or in two phases; the document at which {@code train} is split
 * for {@code fineTune} may be in both. The arrays must not be modified.
 *
 * @param train training data of the first phase
 * @param fineTune part of the training data reserved for local fine-tuning at the end; empty if the strategy reserves
 *     none
 * @param validation data for trust by validation performance
 * @param test data for evaluation only
 * @param mixture share of each category, in the order of the data set's categories; the sum is 1
 * @param later data of the phases after the first, which have no later ones; empty if the user's data does not change
 */
public record UserData(
        int[] train, int[] fineTune, int[] validation, int[] test, double[] mixture, List<UserData> later) {
    private static final int[] NONE = new int[0];

    /** Creates data that does not change. */
    public UserData(int[] train, int[] fineTune, int[] validation, int[] test, double[] mixture) {
        this(train, fineTune, validation, test, mixture, List.of());
    }

    /**
     * Creates the data of a user from its phases.
     *
     * @param phases at least one
     */
    static UserData of(List<UserData> phases) {
        UserData first = phases.get(0);
        return new UserData(
                first.train,
                first.fineTune,
                first.validation,
                first.test,
                first.mixture,
                List.copyOf(phases.subList(1, phases.size())));
    }

    /** Creates the data of a user whose tokens are on another machine. */
    public static UserData withoutTokens(double[] mixture) {
        return new UserData(NONE, NONE, NONE, NONE, mixture);
    }

    /** Returns the data of all phases; those of the first have the later ones too. */
    public List<UserData> phases() {
        return Stream.concat(Stream.of(this), later.stream()).toList();
    }

    /** Returns the data of a phase, from 0. */
    public UserData phase(int phase) {
        return phase == 0 ? this : later.get(phase - 1);
    }

    /** Returns the same data with the last share of each phase's training data reserved for fine-tuning. */
    public UserData withFineTuneShare(double share) {
        int cut = train.length - (int) Math.round(share * train.length);
        return new UserData(
                Arrays.copyOf(train, cut),
                Arrays.copyOfRange(train, cut, train.length),
                validation,
                test,
                mixture,
                later.stream().map(phase -> phase.withFineTuneShare(share)).toList());
    }
}
