package coterie.scenarios.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Samples of something whose end is not known: every one at first; when there are too many every second is let go, and
 * from then on only every second is taken, and so on. What is left is evenly spread over all that came.
 */
final class Thinned<T> {
    private final int most;
    private final List<T> kept = new ArrayList<>();
    private long stride = 1;
    private long came;

    /** @param most samples kept, at least 2 */
    Thinned(int most) {
        if (most < 2) {
            throw new IllegalArgumentException("at least 2 samples must be kept, found " + most);
        }
        this.most = most;
    }

    /**
     * One more.
     *
     * @param sample is only asked for where it is kept
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
