package coterie.scenarios.fuzz;

import java.util.stream.Stream;

/**
 * A case that failed.
 *
 * @param of the case
 * @param complaint what does not hold
 * @param outcome of its last command
 */
record Failure(Case of, String complaint, Outcome outcome) {
    private static final int MOST_TOLD = 1500;

    /** What failures with the same cause have in common. */
    String signature() {
        String thrown = outcome == null
                ? ""
                : outcome.thrown() == null ? (outcome.err() + outcome.out()) : stack(outcome.thrown());
        String first = thrown.lines()
                .filter(l -> l.contains("Exception") || l.contains("Error"))
                .findFirst()
                .orElse(thrown.lines().findFirst().orElse(""));
        String at = Stream.of(thrown, outcome == null || outcome.stacks() == null ? "" : outcome.stacks())
                .flatMap(String::lines)
                .map(l -> l.replace("app//", "").strip())
                .filter(l -> l.startsWith("at coterie.") && !l.contains("coterie.scenarios.fuzz"))
                .findFirst()
                .orElse("");
        return complaint + " | "
                + first.replaceAll("/\\S*/", "")
                        .replaceAll("\"[^\"]*\"", "\"\"")
                        .replaceAll("-?\\d[\\w.+-]*", "N")
                        .strip()
                + " | " + at;
    }

    private static String stack(Throwable t) {
        StringBuilder s = new StringBuilder(t.toString()).append('\n');
        for (StackTraceElement e : t.getStackTrace()) {
            s.append("    at ").append(e).append('\n');
        }
        return s.toString();
    }

    String told() {
        String said = outcome == null
                ? ""
                : outcome.code() + " in " + outcome.millis() + " ms: " + outcome.err()
                        + outcome.out()
                        + (outcome.thrown() == null ? "" : stack(outcome.thrown()))
                        + (outcome.stacks() == null ? "" : outcome.stacks());
        return of.id() + ": " + complaint + "\n  mutated: " + of.mutated() + ": " + of.what() + "\n  repeat it: "
                + command(of.id()) + "\n  "
                + said.substring(0, Math.min(said.length(), MOST_TOLD)).replace("\n", "\n  ");
    }

    /** The command that checks one case alone. */
    static String command(String id) {
        return "mvn -o -B -ntp verify -pl scenarios -am -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dcoterie.fuzz.case=" + id;
    }
}
