package coterie.scenarios.run;

/**
 * What may happen to results from which a run cannot go on.
 *
 * @param fromStart whether they may be deleted and the run begun again
 * @param otherProgram whether a run may go on with results of another program
 * @param unsaved whether a run that was never saved may begin again, with a notice
 */
public record ResumeRules(boolean fromStart, boolean otherProgram, boolean unsaved) {}
