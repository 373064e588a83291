package coterie.scenarios.fuzz;

/**
 * What became of one command.
 *
 * @param code its exit code; meaningless where it did not end or threw something
 * @param out what it printed
 * @param err what it printed as errors
 * @param thrown what it threw beyond its exit code; null for nothing
 * @param stacks the stacks of its threads where it did not end in time; null where it did
 * @param asked whether it was asked to stop
 * @param millis how long it took
 */
record Outcome(int code, String out, String err, Throwable thrown, String stacks, boolean asked, long millis) {}
