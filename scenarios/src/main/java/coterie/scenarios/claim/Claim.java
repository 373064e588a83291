package coterie.scenarios.claim;

/**
 * A claim about the results of a study.
 *
 * @param name what it is called in tables
 * @param from where it comes from, and what is said there; empty for nowhere
 * @param measure what is compared, as in {@code measure} of a study
 * @param relation what is claimed of it
 */
public record Claim(String name, String from, String measure, Relation relation) {}
