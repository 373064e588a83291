package coterie.model.attack;

import coterie.model.exchange.Snapshot;

/**
 * What an adversary does. It is an ordinary user in all else. An attack changes what is sent ({@link #forge}), when or
 * how often, what the user trains on, or whether it trains. Unless it changes the training, the user's own parameters
 * stay honest, so that the end of an attack leaves nothing behind. Implementations are immutable, and every result
 * depends on the arguments alone.
 */
public interface Attack {
    /**
     * Returns what is sent in place of an honest snapshot: a snapshot of the same user and layout, with finite values.
     * The honest snapshot itself to change nothing.
     */
    default Snapshot forge(Occasion now) {
        return now.honest();
    }

    /** Whether {@link #forge} needs snapshots of other users: {@link Knowledge#OWN} is then refused. */
    default boolean needsOthers() {
        return false;
    }

    /** Whether {@link #forge} depends on the receiver. It is then asked for each of them. */
    default boolean eachReceiver() {
        return false;
    }

    /** Whether the attacker trains. */
    default boolean trains() {
        return true;
    }

    /** Whether the attacker trains on flipped labels. */
    default boolean flipsLabels() {
        return false;
    }

    /**
     * Number of the user on whose validation data the attacker trains, beside its own with flipped labels; −1 for none.
     */
    default int baits() {
        return -1;
    }

    /** Share of the tokens that are replaced at random in the text that the attacker trains on. */
    default double replacedTokens() {
        return 0;
    }

    /** Share of the sequences that the attacker trains on into which a backdoor's phrase is written. */
    default double backdoored() {
        return 0;
    }

    /** Number of turns added to the version of what is sent; negative for an older version. */
    default int versions() {
        return 0;
    }

    /** How many times a snapshot that no user has asked for is sent to each receiver. */
    default int times() {
        return 1;
    }

    /** Whether such a snapshot may be held back: {@link #sendAt}. */
    default boolean holdsBack() {
        return false;
    }

    /**
     * Returns the instant at which a snapshot published now is sent, in virtual seconds: not earlier than now.
     *
     * @param now virtual seconds
     * @param rhythm the receiver's
     */
    default double sendAt(double now, Timing.Rhythm rhythm) {
        return now;
    }
}
