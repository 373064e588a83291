package coterie.scenarios.fuzz;

import java.nio.file.Path;

/**
 * A mutated input, in a folder of its own.
 *
 * @param kind what is mutated: a name of {@link ScenarioCases} or {@link ForeignCases}
 * @param seed from which everything in it was drawn
 * @param folder that holds it
 * @param file the scenario or study to be checked
 * @param mutated the file that was changed
 * @param what was done to it
 */
record Case(String kind, long seed, Path folder, Path file, Path mutated, String what) {
    /** The name by which the case can be repeated. */
    String id() {
        return id(kind, seed);
    }

    static String id(String kind, long seed) {
        return kind + "/" + seed;
    }

    boolean ofScenario() {
        return kind.equals(ScenarioCases.KIND);
    }

    boolean ofStudy() {
        return kind.equals(ForeignCases.STUDY);
    }
}
