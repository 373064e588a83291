package coterie.scenarios.learner;

/**
 * A device on which users learn.
 *
 * @param name {@code cpu} or {@code cuda:N}
 * @param threads compute workers
 * @param stack most users that one worker computes in one pass
 * @param weight users that it computes at once, compared with other devices here
 */
public record HostDevice(String name, int threads, int stack, double weight) {
    /** A device that is compared with no other. */
    public HostDevice(String name, int threads, int stack) {
        this(name, threads, stack, 1);
    }
}
