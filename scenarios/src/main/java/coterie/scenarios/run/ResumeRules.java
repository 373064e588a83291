package coterie.scenarios.run;

/**
 * What may happen to results that a run cannot simply go on from.
 *
 * @param fromStart whether they may be deleted then, and the run begun again
 * @param otherProgram whether results of another program may be gone on with
 * @param unsaved whether a run that was never saved may begin again: where that costs little, and is said
 */
public record ResumeRules(boolean fromStart, boolean otherProgram, boolean unsaved) {}
