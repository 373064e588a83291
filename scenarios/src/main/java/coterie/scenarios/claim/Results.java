package coterie.scenarios.claim;

import java.util.Map;

/** What the runs of a study gave. */
public interface Results {
    /** The value of a measure in a run that ended before it had one, such as the time to a target. */
    double NEVER = Double.POSITIVE_INFINITY;

    /**
     * The values of a measure in each variant of some cells.
     *
     * @return by variant and seed; NaN if training diverged, {@link #NEVER} if the measure had no value until the end.
     *     Runs that have not ended are missing
     */
    Map<Map<String, String>, Map<Long, Double>> of(String measure, Cells cells);
}
