package coterie.topology.trace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Recorded availability of devices in slots of equal length. The file has the columns {@code device} and
 * {@code states}; each character of {@code states} is one slot: 1 online, 0 offline, ? unknown.
 */
public final class AvailabilityTraces {
    private final List<String> states;

    private AvailabilityTraces(List<String> states) {
        this.states = states;
    }

    /** @throws IllegalArgumentException if the file cannot be read or its content is invalid */
    public static AvailabilityTraces read(String path) {
        TraceFile file = new TraceFile(path);
        List<String> states = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        Set<String> devices = new HashSet<>();
        file.read(List.of("device", "states"), (f, line) -> {
            int wrong = firstInvalid(f[1]);
            if (f[1].isEmpty() || wrong >= 0) {
                throw file.wrong(
                        line,
                        "states must consist of 0, 1 and ?, found "
                                + (f[1].isEmpty()
                                        ? "nothing"
                                        : "\""
                                                + TraceFile.shown(
                                                        f[1].substring(wrong, Math.min(f[1].length(), wrong + 1)))
                                                + "\" at position " + (wrong + 1)));
            }
            if (!devices.add(file.name(f[0], line, "device"))) {
                throw file.wrong(line, "device " + TraceFile.shown(f[0]) + " appears twice");
            }
            states.add(f[1]);
            lines.add(line);
        });
        if (states.isEmpty()) {
            throw file.empty();
        }
        if (states.stream().noneMatch(s -> s.indexOf('1') >= 0)) {
            throw file.wrong("no device is ever present: at least one state must be 1");
        }
        rejectLostZeros(file, states, lines);
        return new AvailabilityTraces(states);
    }

    /**
     * Rejects states that lost their leading zeros: spreadsheets and data frames read 0010 as the number 10. Devices
     * may have different numbers of slots, so a short row alone is no error. Zeros are considered lost if every shorter
     * row looks like such a number and either several devices have the longest row or all rows look like numbers.
     */
    private static void rejectLostZeros(TraceFile file, List<String> states, List<Long> lines) {
        int longest = states.stream().mapToInt(String::length).max().orElseThrow();
        List<String> shorter = states.stream().filter(s -> s.length() < longest).toList();
        boolean whole = states.size() - shorter.size() > 1;
        boolean numbers = states.stream().allMatch(AvailabilityTraces::looksLikeNumber);
        if (shorter.isEmpty()
                || !shorter.stream().allMatch(AvailabilityTraces::looksLikeNumber)
                || !(whole || numbers)) {
            return;
        }
        int first = states.indexOf(shorter.get(0));
        throw file.wrong(
                lines.get(first),
                "states \"" + TraceFile.shown(states.get(first)) + "\" has "
                        + states.get(first).length() + " slots, others have " + longest
                        + ": were its leading zeros lost, as in"
                        + " a spreadsheet? Give every device the same number of slots, with ? for unknown ones");
    }

    private static boolean looksLikeNumber(String states) {
        return states.matches("1[01]*|0");
    }

    private static int firstInvalid(String states) {
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

    /** Whether a device is online in a slot; unknown counts as offline. */
    public boolean present(int device, int slot) {
        return states.get(device).charAt(slot) == '1';
    }
}
