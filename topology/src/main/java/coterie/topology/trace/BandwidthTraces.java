package coterie.topology.trace;

import coterie.topology.world.Ticks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recorded lines: megabits a second over time, piecewise constant, repeated for ever (columns trace, time_s, mbps). */
public final class BandwidthTraces {
    private final List<long[]> times = new ArrayList<>();
    private final List<double[]> values = new ArrayList<>();
    private final List<Long> lengths = new ArrayList<>();

    private BandwidthTraces() {
    }

    /** @throws IllegalArgumentException where the file cannot be read or holds something else */
    public static BandwidthTraces read(String path) {
        Csv csv = new Csv(path);
        Map<String, List<double[]>> all = new LinkedHashMap<>();
        csv.read(List.of("trace", "time_s", "mbps"), (f, line) -> {
            List<double[]> points = all.computeIfAbsent(f[0], t -> new ArrayList<>());
            double time = csv.number(f[1], line);
            if (!points.isEmpty() && time <= points.get(points.size() - 1)[0]) {
                throw csv.wrong(line, "time_s of a trace must rise, found " + f[1]);
            }
            points.add(new double[] {time, csv.number(f[2], line)});
        });
        if (all.isEmpty()) {
            throw csv.empty();
        }
        BandwidthTraces traces = new BandwidthTraces();
        all.forEach((name, points) -> {
            if (points.stream().noneMatch(p -> p[1] > 0)) {
                throw new IllegalArgumentException(path + ": trace " + name + " never carries anything");
            }
            double first = points.get(0)[0];
            double last = points.get(points.size() - 1)[0] - first;
            // The last value holds as long as the others do on average.
            double gap = points.size() > 1 ? last / (points.size() - 1) : 1;
            traces.times.add(points.stream().mapToLong(p -> Ticks.at(p[0] - first)).toArray());
            traces.values.add(points.stream().mapToDouble(p -> p[1]).toArray());
            traces.lengths.add(Ticks.at(last + gap));
        });
        return traces;
    }

    public int size() {
        return times.size();
    }

    /** How long a trace is, in ticks. */
    public long length(int trace) {
        return lengths.get(trace);
    }

    /** What a line carries at a tick. */
    public double mbps(int trace, long tick) {
        return values.get(trace)[index(trace, tick % lengths.get(trace))];
    }

    /** The next tick at which another value holds. */
    public long change(int trace, long tick) {
        long within = tick % lengths.get(trace);
        int next = index(trace, within) + 1;
        long[] t = times.get(trace);
        return tick - within + (next < t.length ? t[next] : lengths.get(trace));
    }

    /** The largest value of a trace. */
    public double most(int trace) {
        return Arrays.stream(values.get(trace)).max().orElseThrow();
    }

    private int index(int trace, long within) {
        int found = Arrays.binarySearch(times.get(trace), within);
        return found >= 0 ? found : -found - 2;
    }
}
