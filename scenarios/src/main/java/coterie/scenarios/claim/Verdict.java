package coterie.scenarios.claim;

/** What a study says about a claim. */
public enum Verdict {
    /** The effect is as claimed, and differs from none. */
    HOLDS("holds"),
    /** The effect is the opposite of the claimed, and differs from none. */
    FAILS("fails"),
    /** There are too few seeds to tell. */
    UNCLEAR("unclear"),
    /** Some run ended before it had a value, such as the time to a target. */
    NOT_REACHED("not reached");

    private final String label;

    Verdict(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
