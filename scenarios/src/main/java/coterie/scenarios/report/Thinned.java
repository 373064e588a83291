package coterie.scenarios.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Evenly spread samples of a stream of unknown length. When there are too many, every second one is dropped, and from
 * then on only every second new one is taken.
 */
final class Thinned<T> {
    private final int most;
    private final List<T> kept = new ArrayList<>();
    private long stride = 1;
    private long came;

    /** @param most samples to keep, at least 2 */
    Thinned(int most) {
        if (most < 2) {
            throw new IllegalArgumentException("at least 2 samples must be kept, found " + most);
        }
        this.most = most;
    }

    /**
     * Adds a sample.
     *
     * @param sample is evaluated only if it is kept
     */
    void add(Supplier<T> sample) {
        if (came++ % stride != 0) {
            return;
        }
        if (kept.size() == most) {
            for (int k = 0; 2 * k < kept.size(); k++) {
                kept.set(k, kept.get(2 * k));
            }
            kept.subList((kept.size() + 1) / 2, kept.size()).clear();
            stride *= 2;
            if ((came - 1) % stride != 0) {
                return;
            }
        }
        kept.add(sample.get());
    }

    List<T> kept() {
        return kept;
    }
}
