package coterie.model.aggregation;

/**
 * The result of an aggregation.
 *
 * @param parameters the user's next parameters [P], a new array
 * @param influence what the rule did with the candidates; null if the rule does not say
 */
public record Aggregated(float[] parameters, Influence influence) {
    /** A result of a rule that does not say what it did with the candidates. */
    public Aggregated(float[] parameters) {
        this(parameters, null);
    }
}
