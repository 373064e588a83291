package coterie.model.vectors;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The rows of one user; no row is in two of the sets, or in two phases.
 *
 * @param train to train on, in the first phase
 * @param fineTune part of the training rows that a strategy keeps for local fine-tuning at the end; may be empty
 * @param validation for trust by validation performance; may be empty
 * @param test for evaluation only
 * @param mixture share of each category in the data of the user; the sum is 1
 * @param later rows of the phases after the first, which have no later ones; empty if the user's data does not change
 */
public record VectorUser(
        Rows train, Rows fineTune, Rows validation, Rows test, double[] mixture, List<VectorUser> later) {
    /** Rows of a user whose data does not change. */
    public VectorUser(Rows train, Rows fineTune, Rows validation, Rows test, double[] mixture) {
        this(train, fineTune, validation, test, mixture, List.of());
    }

    /**
     * The rows of a user from its phases.
     *
     * @param phases at least one
     */
    static VectorUser of(List<VectorUser> phases) {
        VectorUser first = phases.get(0);
        return new VectorUser(
                first.train,
                first.fineTune,
                first.validation,
                first.test,
                first.mixture,
                List.copyOf(phases.subList(1, phases.size())));
    }

    /** Returns the rows of all phases; those of the first have the later ones too. */
    public List<VectorUser> phases() {
        return Stream.concat(Stream.of(this), later.stream()).toList();
    }

    /** Returns the rows of a phase, from 0. */
    public VectorUser phase(int phase) {
        return phase == 0 ? this : later.get(phase - 1);
    }

    /** The same rows with the last share of each phase's training rows kept for fine-tuning. */
    public VectorUser withFineTuneShare(double share) {
        int cut = train.size() - (int) Math.round(share * train.size());
        return new VectorUser(
                train.select(IntStream.range(0, cut).toArray()),
                train.select(IntStream.range(cut, train.size()).toArray()),
                validation,
                test,
                mixture,
                later.stream().map(phase -> phase.withFineTuneShare(share)).toList());
    }
}
