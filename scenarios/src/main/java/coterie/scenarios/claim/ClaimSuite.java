package coterie.scenarios.claim;

import java.util.List;

/**
 * The claims of several studies that belong together, and the verdicts on them.
 *
 * @param name of the suite
 * @param about what is claimed, in a sentence or two
 * @param made where the results come from
 * @param studies in order
 */
public record ClaimSuite(String name, String about, Made made, List<Study> studies) {
    public ClaimSuite {
        studies = List.copyOf(studies);
    }

    /**
     * Where results come from.
     *
     * @param command that repeats them
     * @param program its version, or several if runs are of several
     * @param machine processor and devices of the runs
     * @param runs all runs of the suite; one that studies share counts once
     */
    public record Made(String command, String program, String machine, Runs runs) {}

    /**
     * One study.
     *
     * @param question what it asks; empty for nothing
     * @param file that describes it
     * @param judged verdicts on its claims, which are corrected for their number
     * @param runs its runs
     */
    public record Study(String name, String question, String file, List<Judgement> judged, Runs runs) {
        public Study {
            judged = List.copyOf(judged);
        }
    }

    /**
     * Runs of a study or of the suite.
     *
     * @param ended number of runs with results
     * @param all number of runs
     * @param seconds wall-clock time in which at least one of them was under way
     */
    public record Runs(int ended, int all, double seconds) {}

    /** All verdicts, in order. */
    public List<Judgement> judged() {
        return studies.stream().flatMap(s -> s.judged().stream()).toList();
    }
}
