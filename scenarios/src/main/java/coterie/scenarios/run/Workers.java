package coterie.scenarios.run;

import java.util.List;

/**
 * What computes a run.
 *
 * @param devices names of the devices
 * @param threads compute threads on this machine; null if nodes on other machines have their own number
 * @param stack most users that are computed in one pass; null as with the threads
 * @param nodes number of nodes; 0 for this process alone
 */
public record Workers(List<String> devices, Integer threads, Integer stack, int nodes) {
    /** The same with another number of nodes. */
    Workers over(int nodes) {
        return new Workers(devices, threads, stack, nodes);
    }
}
