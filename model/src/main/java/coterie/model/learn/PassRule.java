package coterie.model.learn;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Decides from measured passes how users may share them. The order in which a kernel adds may depend on the number of
 * rows, and it may treat an array's last numbers differently. Then a user's bits depend on which users share its pass,
 * and hence on threads. Such sharing is not allowed.
 *
 * <p>On a CPU every way of sharing that is chosen gives the bits of a user alone: the choice changes the speed, not the
 * result. On a GPU kernels are chosen by shape, so that every pass gets the same shape.
 */
final class PassRule {
    /** Passes of one user, repeated: {@link coterie.model.program.PassTrial}, or a fake in tests. */
    interface Trial {
        /**
         * Computes one pass.
         *
         * @param users places, each with the same user in it
         * @param apart whether products with the base are computed one user at a time
         * @return what each place gets, all of the same length
         */
        float[][] pass(int users, boolean apart);
    }

    /** Most users per pass on a CPU: more gain nothing, and each size has to be tried. */
    private static final int CPU_USERS = 16;
    /** A larger pass than one of this number of tokens is less than 5 % faster per token. */
    private static final int CPU_TOKENS = 1024;
    /** A pass of so many tokens keeps a GPU busy; places of a larger one would only be empty more often. */
    private static final int GPU_TOKENS = 65_536;
    /** Numbers that a kernel handles at once: what is left at an array's end is handled in another way. */
    private static final int VECTOR = 64;
    /** Widths in a row of the MLP's activations, of which GELU takes some whole rows at a time. */
    private static final int WIDTHS = 4;

    private PassRule() {}

    /**
     * Users that may share a pass, whatever is measured.
     *
     * @param stack users a pass at most, as asked for
     * @param users of the whole run: the same for any number of nodes
     * @param tokens of a user in a pass
     * @param fitting users whose pass fits into the device's free memory, at least 1. A power of two below it counts: a
     *     little more or less free memory then changes nothing
     */
    static int most(boolean cpu, int stack, int users, int tokens, int fitting) {
        int most = Math.min(cpu ? Math.min(stack, CPU_USERS) : stack, users);
        most = Math.min(most, (cpu ? CPU_TOKENS : GPU_TOKENS) / tokens);
        return Math.max(1, most <= fitting ? most : Integer.highestOneBit(fitting));
    }

    /**
     * How so many users may share a pass.
     *
     * @param most users a pass, from {@link #most}
     * @param tokens of a user in a pass
     * @param width of the base
     */
    static Passes decide(boolean cpu, int most, int tokens, int width, Trial trial) {
        if (most == 1) {
            return Passes.SINGLE;
        }
        if (!cpu) {
            return constant(most, trial) ? new Passes(Passes.Kind.CONSTANT, most) : Passes.SINGLE;
        }
        if ((long) tokens * width % VECTOR != 0 || WIDTHS * width % VECTOR != 0) {
            // A user's last numbers are an array's last in some places only. They are too few to show for certain.
            return Passes.SINGLE;
        }
        float[] alone = trial.pass(1, false)[0];
        for (boolean apart : new boolean[] {false, true}) {
            // The largest pass differs most often, so that little is tried in vain.
            if (IntStream.iterate(most, n -> n >= 2, n -> n - 1).allMatch(n -> equal(alone, trial.pass(n, apart)))) {
                return new Passes(apart ? Passes.Kind.APART : Passes.Kind.JOINT, most);
            }
        }
        return Passes.SINGLE;
    }

    /** Whether a pass of one user gives the same bits each time: otherwise no run can be repeated to the bit. */
    static boolean repeats(Trial trial) {
        return constant(1, trial);
    }

    /** Whether a pass of so many places gives the same bits in every place and each time. */
    static boolean constant(int places, Trial trial) {
        float[] first = trial.pass(places, false)[0];
        // Twice: a kernel that adds in the order in which its threads come is not the same to itself.
        if (!equal(first, trial.pass(places, false))) {
            return false;
        }
        return equal(first, trial.pass(places, false));
    }

    private static boolean equal(float[] one, float[][] all) {
        return Arrays.stream(all).allMatch(x -> equal(one, x));
    }

    private static boolean equal(float[] a, float[] b) {
        if (a.length != b.length) {
            return false;
        }
        for (int i = 0; i < a.length; i++) {
            if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
                return false;
            }
        }
        return true;
    }
}
