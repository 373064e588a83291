package coterie.model.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Losses of a turn's training steps, summed in the order of the steps. Those of steps under way are read later. */
final class StepLosses {
    private record Unread(int iteration, DoubleSupplier loss) {}

    private final List<Unread> unread = new ArrayList<>();
    private double sum;

    /** Adds the loss of a step that has been computed. */
    void add(double loss) {
        sum += loss;
    }

    /**
     * Adds the loss of a step that may still be computed.
     *
     * @param iteration of the step
     */
    void add(int iteration, DoubleSupplier loss) {
        unread.add(new Unread(iteration, loss));
    }

    /**
     * Reads the losses of steps that were under way.
     *
     * @return the divergence of the first that is not finite; null if all are
     */
    Divergence read() {
        Divergence divergence = null;
        for (Unread u : unread) {
            // Later ones too: a loss stays on the device until it is read.
            double loss = u.loss.getAsDouble();
            if (divergence == null && !Double.isFinite(loss)) {
                // The update of this step is not finite either.
                divergence = new Divergence(u.iteration, Divergence.Symptom.TRAINING_LOSS);
            }
            sum += loss;
        }
        unread.clear();
        return divergence;
    }

    double sum() {
        return sum;
    }
}
