package coterie.topology.trace;

import java.util.ArrayList;
import java.util.List;

/** Recorded presence of devices in slots of equal length (columns device, states; in states a 1 is present, 0 away, ? unknown). */
public final class AvailabilityTraces {
    private final List<String> states;

    private AvailabilityTraces(List<String> states) {
        this.states = states;
    }

    /** @throws IllegalArgumentException where the file cannot be read or holds something else */
    public static AvailabilityTraces read(String path) {
        Csv csv = new Csv(path);
        List<String> states = new ArrayList<>();
        csv.read(List.of("device", "states"), (f, line) -> {
            if (!f[1].matches("[01?]+")) {
                throw csv.wrong(line, "states must consist of 0, 1 and ?, found \"" + f[1] + "\"");
            }
            states.add(f[1]);
        });
        if (states.isEmpty()) {
            throw csv.empty();
        }
        return new AvailabilityTraces(states);
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
