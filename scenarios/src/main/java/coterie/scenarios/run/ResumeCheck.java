package coterie.scenarios.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** Collects why a run cannot go on from its results: all reasons at once, so that a person can remove them together. */
final class ResumeCheck {
    private final ResumeRules rules;
    private final List<String> reasons = new ArrayList<>();
    /** Whether another program is the only reason. */
    private boolean onlyProgram;
    /** Whether the only reason is that the run was never saved. */
    private boolean onlyUnsaved;

    ResumeCheck(ResumeRules rules) {
        this.rules = rules;
    }

    /**
     * Compares what the results were made from with what a run would be made from now.
     *
     * @param then null if that is not known
     * @param unknown why it is not known
     */
    void origin(RunOrigin then, String unknown, Path folder, Supplier<RunOrigin> now) throws IOException {
        if (then == null) {
            reasons.add(unknown);
            return;
        }
        reasons.addAll(then.differences(now.get()));
        if (!then.lastProgram().equals(Build.version()) && !rules.otherProgram()) {
            onlyProgram = reasons.isEmpty();
            reasons.add("its results are of program " + then.lastProgram() + ", and this is " + Build.version());
        }
        if (then.isCopy(folder)) {
            onlyProgram = false;
            reasons.add("it is a copy of " + then.folder() + ", to which its checkpoints belong");
        }
    }

    /** @param differences from the scenario that the run must have as a baseline; empty for none */
    void baseline(List<String> differences) {
        if (!differences.isEmpty()) {
            onlyProgram = false;
            reasons.add("it is not a baseline of the run to which it belongs: " + String.join("; ", differences));
        }
    }

    /** A file cannot be read. */
    void damaged(String reason) {
        onlyProgram = false;
        reasons.add(reason);
    }

    /** There must be a checkpoint to go on from. */
    void checkpoints(CheckpointFiles.Newest found) {
        if (found.checkpoint() == null) {
            onlyUnsaved = found.misfits().isEmpty();
            reasons.addAll(onlyUnsaved ? List.of("it was never saved") : found.misfits());
        } else {
            found.misfits()
                    .forEach(line -> LoggerFactory.getLogger(RunFolder.class)
                            .warn("cannot go on from {}; an older checkpoint is used", line));
        }
    }

    boolean passed() {
        return reasons.isEmpty();
    }

    boolean mayBeginAgain() {
        return rules.fromStart() || onlyUnsaved && rules.unsaved();
    }

    String reasons() {
        return String.join("; ", reasons);
    }

    /** What else the person may do, to be appended to a message; empty for nothing. */
    String otherWay() {
        return onlyProgram ? "; --allow-other-program goes on all the same" : "";
    }
}
