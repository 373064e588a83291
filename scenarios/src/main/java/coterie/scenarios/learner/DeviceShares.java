package coterie.scenarios.learner;

import java.util.List;

/** Divides users among the devices of a process by the devices' weights. */
public final class DeviceShares {
    private DeviceShares() {}

    /**
     * Returns each user's device. A user gets the device that then has the fewest users for its weight, the first of
     * several: devices of equal weight take users in turn, and the first n users have the same devices whatever
     * follows.
     *
     * @return indices into {@code devices}
     */
    public static int[] of(List<HostDevice> devices, int users) {
        int[] held = new int[devices.size()];
        int[] chosen = new int[users];
        for (int u = 0; u < users; u++) {
            int best = 0;
            for (int d = 1; d < held.length; d++) {
                if ((held[d] + 1) / devices.get(d).weight()
                        < (held[best] + 1) / devices.get(best).weight()) {
                    best = d;
                }
            }
            held[best]++;
            chosen[u] = best;
        }
        return chosen;
    }
}
