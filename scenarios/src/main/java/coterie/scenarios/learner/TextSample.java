package coterie.scenarios.learner;

/**
 * The beginning of a user's test text, and two continuations: by the base alone, and with the user's final adapter.
 *
 * @param category of which the user has most
 */
public record TextSample(int user, String category, String beginning, String before, String after) {}
