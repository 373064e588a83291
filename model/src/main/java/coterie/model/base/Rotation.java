package coterie.model.base;

import java.util.ArrayList;
import java.util.List;

/**
 * Rotary positions (Su et al., arXiv 2104.09864): the first {@code width} numbers of a head's query and key are rotated
 * in pairs (j, j + width/2) by position · θ^(−2j/width).
 *
 * @param width numbers of a head that rotate; even
 * @param theta θ
 * @param scaling of the angles
 */
public record Rotation(int width, double theta, Scaling scaling) {
    public Rotation {
        if (width < 2 || width % 2 != 0 || !(theta > 0)) {
            throw new IllegalArgumentException("width must be even and theta positive, found " + width + ", " + theta);
        }
    }

    /** How a context is made longer than the one that a model was first trained on. */
    public sealed interface Scaling {
        /**
         * The scaled frequency.
         *
         * @param frequency radians a position
         */
        double of(double frequency);
    }

    /** None. */
    public record Plain() implements Scaling {
        @Override
        public double of(double frequency) {
            return frequency;
        }
    }

    /** All frequencies divided by a factor. */
    public record Linear(double factor) implements Scaling {
        @Override
        public double of(double frequency) {
            return frequency / factor;
        }
    }

    /**
     * Llama 3's: only long wavelengths are divided by the factor, with a smooth transition.
     *
     * @param factor by which wavelengths longer than {@code original / low} grow
     * @param low of the transition's long end
     * @param high of its short end; shorter wavelengths stay
     * @param original context before scaling
     */
    public record Llama3(double factor, double low, double high, double original) implements Scaling {
        @Override
        public double of(double frequency) {
            double wavelength = 2 * Math.PI / frequency;
            if (wavelength < original / high) {
                return frequency;
            }
            if (wavelength > original / low) {
                return frequency / factor;
            }
            double s = (original / wavelength - low) / (high - low);
            return (1 - s) * frequency / factor + s * frequency;
        }
    }

    /** Radians a position of each pair, rounded to float32 as the reference implementation does. */
    public List<Double> frequencies() {
        List<Double> all = new ArrayList<>();
        for (int j = 0; j < width / 2; j++) {
            float power = (float) Math.pow(theta, (float) (2.0 * j / width));
            all.add((double) (float) scaling.of(1 / power));
        }
        return all;
    }
}
