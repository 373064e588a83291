package coterie.model.learn;

import java.util.Arrays;
import java.util.Locale;

/**
 * How users share training passes on a device. {@link PassRule} chooses a way in which a user's result has the same
 * bits whichever users share its passes, so that threads may form passes in any order.
 *
 * @param kind how a pass is computed
 * @param most users in a pass at most; with {@link Kind#CONSTANT} the places of every pass
 * @param recompute whether activations are recomputed from the first pass on, which changes no bit
 */
public record Passes(Kind kind, int most, boolean recompute) {
    /** How a pass is computed. */
    public enum Kind {
        /** All users' rows go through the products with the base together. */
        JOINT,
        /** Products with the base are computed one user at a time, all else together. */
        APART,
        /**
         * Every pass has the same number of places; results of places without a user are discarded. A user's bits
         * differ from those of a pass of one user, and depend on the number of places.
         */
        CONSTANT,
        /** Each user's step is a pass of its own. */
        ALONE
    }

    /** Passes that keep their activations. */
    public Passes(Kind kind, int most) {
        this(kind, most, false);
    }

    /** One user per pass. */
    public static final Passes SINGLE = new Passes(Kind.ALONE, 1);

    /** @throws IllegalArgumentException where there is no such pass */
    public Passes {
        if (most < 1 || kind == Kind.ALONE && most != 1) {
            throw new IllegalArgumentException(kind + " with " + most + " users a pass");
        }
    }

    /** The same passes, with activations kept or recomputed. */
    Passes withRecompute(boolean on) {
        return new Passes(kind, most, on);
    }

    /** Number of places of a pass with this number of users. */
    int places(int users) {
        return kind == Kind.CONSTANT ? most : users;
    }

    /** A short description for logs. */
    public String inWords() {
        return switch (kind) {
                    case JOINT -> "up to " + most + " users a pass";
                    case APART -> "up to " + most + " users a pass, products with the base one user at a time";
                    case CONSTANT -> most + " places in every pass";
                    case ALONE -> "one user a pass";
                }
                + (recompute ? ", activations recomputed" : "");
    }

    /** @throws IllegalArgumentException where there is no such kind */
    static Kind kind(String name) {
        return Arrays.stream(Kind.values())
                .filter(k -> k.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there are joint, apart, constant and alone passes, found " + name));
    }
}
