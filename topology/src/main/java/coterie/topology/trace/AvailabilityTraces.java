package coterie.topology.trace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Recorded presence of devices in slots of equal length (columns device, states; in states a 1 is present, 0 away, ?
 * unknown).
 */
public final class AvailabilityTraces {
    private final List<String> states;

    private AvailabilityTraces(List<String> states) {
        this.states = states;
    }

    /** @throws IllegalArgumentException where the file cannot be read or holds something else */
    public static AvailabilityTraces read(String path) {
        Csv csv = new Csv(path);
        List<String> states = new ArrayList<>();
        Set<String> devices = new HashSet<>();
        csv.read(List.of("device", "states"), (f, line) -> {
            int wrong = firstOther(f[1]);
            if (f[1].isEmpty() || wrong >= 0) {
                throw csv.wrong(line, "states must consist of 0, 1 and ?, found " + (f[1].isEmpty() ? "nothing"
                        : "\"" + Csv.shown(f[1].substring(wrong, Math.min(f[1].length(), wrong + 1))) + "\" at place "
                        + (wrong + 1)));
            }
            if (!devices.add(f[0])) {
                throw csv.wrong(line, "device " + Csv.shown(f[0]) + " stands in the file twice");
            }
            states.add(f[1]);
        });
        if (states.isEmpty()) {
            throw csv.empty();
        }
        return new AvailabilityTraces(states);
    }

    private static int firstOther(String states) {
        for (int k = 0; k < states.length(); k++) {
            if ("01?".indexOf(states.charAt(k)) < 0) {
                return k;
            }
        }
        return -1;
    }

    public int devices() {
        return states.size();
    }

    public int slots(int device) {
        return states.get(device).length();
    }

    /** Whether a device is present in a slot; unknown counts as away. */
    public boolean present(int device, int slot) {
        return states.get(device).charAt(slot) == '1';
    }
}
