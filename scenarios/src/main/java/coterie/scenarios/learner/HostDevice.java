package coterie.scenarios.learner;

/**
 * A device on which users learn.
 *
 * @param name {@code cpu} or {@code cuda:N}
 * @param threads compute workers
 * @param stack most users that one worker computes in one pass
 */
public record HostDevice(String name, int threads, int stack) {}
