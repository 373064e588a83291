package coterie.model.learn;

/**
 * The one-cycle schedule with cosine sides (Smith and Topin, arXiv 1708.07120), as PyTorch's {@code OneCycleLR}
 * computes it.
 *
 * <p>Worked example: 500 steps, peak 2e-3, warm-up 2 %, start divisor 100, end divisor 0.05 (the paper's). Step 0 has
 * 2e-5, step 9 the peak 2e-3, step 499 has 2e-5 / 0.05 = 4e-4.
 *
 * @param steps length of the cycle; later steps keep the last rate
 * @param peak highest rate
 * @param warmup share of the steps until the peak, in [0, 1]
 * @param startDivisor start rate is peak / startDivisor
 * @param endDivisor end rate is start rate / endDivisor
 */
public record OneCycle(int steps, double peak, double warmup, double startDivisor, double endDivisor)
        implements Schedule {
    public OneCycle {
        if (steps < 1 || !(peak > 0) || !(warmup >= 0 && warmup <= 1) || !(startDivisor > 0) || !(endDivisor > 0)) {
            throw new IllegalArgumentException(
                    "one-cycle needs steps >= 1, a positive peak and divisors, warm-up in [0, 1]; found " + steps + ", "
                            + peak + ", " + startDivisor + ", " + endDivisor + ", " + warmup);
        }
    }

    @Override
    public double rate(int step) {
        double start = peak / startDivisor;
        double end = start / endDivisor;
        double top = Math.max(0, warmup * steps - 1);
        double at = Math.min(step, steps - 1);
        if (at <= top && top > 0) {
            return cosine(start, peak, at / top);
        }
        double span = steps - 1 - top;
        return span <= 0 ? peak : cosine(peak, end, (at - top) / span);
    }

    private static double cosine(double from, double to, double share) {
        return to + (from - to) / 2 * (StrictMath.cos(StrictMath.PI * share) + 1);
    }
}
