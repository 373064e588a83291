package coterie.scenarios.run;

/** Wall-clock time of a run, with that of earlier processes. */
final class Stopwatch {
    /** {@link System#nanoTime}, less what earlier processes took. */
    private long begun = System.nanoTime();

    /** The time until now is not the run's. */
    void restart() {
        begun = System.nanoTime();
    }

    /** Adds the time of earlier processes. */
    void add(double seconds) {
        begun -= (long) (1e9 * seconds);
    }

    double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }
}
