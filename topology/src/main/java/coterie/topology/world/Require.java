package coterie.topology.world;

/** Checks of parameters, in the words of scenario files. */
final class Require {
    private Require() {
    }

    static void positive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be greater than 0, found " + value);
        }
    }

    static void notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must not be negative, found " + value);
        }
    }
}
