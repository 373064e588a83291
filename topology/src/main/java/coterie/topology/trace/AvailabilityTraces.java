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
        List<Long> lines = new ArrayList<>();
        Set<String> devices = new HashSet<>();
        csv.read(List.of("device", "states"), (f, line) -> {
            int wrong = firstOther(f[1]);
            if (f[1].isEmpty() || wrong >= 0) {
                throw csv.wrong(
                        line,
                        "states must consist of 0, 1 and ?, found "
                                + (f[1].isEmpty()
                                        ? "nothing"
                                        : "\"" + Csv.shown(f[1].substring(wrong, Math.min(f[1].length(), wrong + 1)))
                                                + "\" at place " + (wrong + 1)));
            }
            if (!devices.add(csv.name(f[0], line, "device"))) {
                throw csv.wrong(line, "device " + Csv.shown(f[0]) + " stands in the file twice");
            }
            states.add(f[1]);
            lines.add(line);
        });
        if (states.isEmpty()) {
            throw csv.empty();
        }
        if (states.stream().noneMatch(s -> s.indexOf('1') >= 0)) {
            throw csv.wrong("no device is ever present: its states hold no 1, wanted is one at least");
        }
        refuseLostZeros(csv, states, lines);
        return new AvailabilityTraces(states);
    }

    /**
     * Spreadsheets and data frames take states for numbers: 0010 becomes 10. Devices may have unequal numbers of slots.
     * But where all shorter states look like such numbers, while several devices have the longest or look so as well,
     * their zeros were lost.
     */
    private static void refuseLostZeros(Csv csv, List<String> states, List<Long> lines) {
        int longest = states.stream().mapToInt(String::length).max().orElseThrow();
        List<String> shorter = states.stream().filter(s -> s.length() < longest).toList();
        boolean whole = states.size() - shorter.size() > 1;
        boolean numbers = states.stream().allMatch(AvailabilityTraces::likeNumber);
        if (shorter.isEmpty() || !shorter.stream().allMatch(AvailabilityTraces::likeNumber) || !(whole || numbers)) {
            return;
        }
        int first = states.indexOf(shorter.get(0));
        throw csv.wrong(
                lines.get(first),
                "states \"" + Csv.shown(states.get(first)) + "\" has "
                        + states.get(first).length() + " slots, others have " + longest
                        + ": were its leading zeros lost, as in"
                        + " a spreadsheet? Give every device as many slots, unknown ones as ?");
    }

    private static boolean likeNumber(String states) {
        return states.matches("1[01]*|0");
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
