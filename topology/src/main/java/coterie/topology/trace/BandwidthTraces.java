package coterie.topology.trace;

import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Recorded bandwidth: megabits per second over time, piecewise constant and repeated indefinitely. The file has the
 * columns {@code trace}, {@code time_s} and {@code mbps}.
 */
public final class BandwidthTraces {
    /** A petabit per second. */
    private static final double LARGEST_MBPS = 1e9;
    /** Every point is an event of the simulation, so points that are too dense would dominate the run time. */
    private static final double LEAST_GAP_SECONDS = 1e-3;

    private final List<long[]> times = new ArrayList<>();
    private final List<double[]> values = new ArrayList<>();
    private final List<Long> lengths = new ArrayList<>();

    private BandwidthTraces() {}

    /** @throws IllegalArgumentException if the file cannot be read or its content is invalid */
    public static BandwidthTraces read(String path) {
        TraceFile file = new TraceFile(path);
        Map<String, Points> all = new LinkedHashMap<>();
        file.read(
                List.of("trace", "time_s", "mbps"),
                (f, line) -> all.computeIfAbsent(file.name(f[0], line, "trace"), t -> new Points(file))
                        .add(
                                file.number(f[1], line, "time_s", Double.MAX_VALUE),
                                file.number(f[2], line, "mbps", LARGEST_MBPS),
                                line));
        if (all.isEmpty()) {
            throw file.empty();
        }
        BandwidthTraces traces = new BandwidthTraces();
        all.forEach((name, points) -> {
            double last = points.last() - points.first;
            // The last value lasts for the mean interval between points.
            double gap = points.size > 1 ? last / (points.size - 1) : 1;
            if (points.most == 0) {
                throw file.wrong(
                        points.lastLine,
                        "trace " + TraceFile.shown(name) + " never carries anything: all its mbps are 0");
            }
            if (gap < LEAST_GAP_SECONDS || last + gap > Ticks.LONGEST_SECONDS) {
                throw file.wrong(
                        points.lastLine,
                        "trace " + TraceFile.shown(name) + " has " + points.size + " points in "
                                + last + " s: they must be at least "
                                + LEAST_GAP_SECONDS + " s apart on average, and cover at most "
                                + TraceFile.written(Ticks.LONGEST_SECONDS)
                                + " s with the last; is time_s in seconds?");
            }
            traces.times.add(points.ticks());
            traces.values.add(Arrays.copyOf(points.mbps, points.size));
            traces.lengths.add(Ticks.at(last + gap));
        });
        return traces;
    }

    /** The points of one trace read so far. */
    private static final class Points {
        private final TraceFile file;
        private double[] times = new double[64];
        private double[] mbps = new double[64];
        private int size;
        private double first;
        private double most;
        private long lastLine;

        Points(TraceFile file) {
            this.file = file;
        }

        double last() {
            return times[size - 1];
        }

        void add(double time, double value, long line) {
            if (size == 0) {
                first = time;
            } else if (!(time - first <= Ticks.LONGEST_SECONDS)) {
                throw file.wrong(
                        line,
                        "time_s lies " + (time - first)
                                + " s after the trace's first, more than the longest span of "
                                + TraceFile.written(Ticks.LONGEST_SECONDS) + " s; is time_s in seconds?");
            } else if (!(time > last()) || Ticks.at(time - first) <= Ticks.at(last() - first)) {
                throw file.wrong(
                        line,
                        "time_s of a trace must rise from row to row by at least a nanosecond, found " + time
                                + " after " + last());
            }
            if (size == times.length) {
                times = Arrays.copyOf(times, 2 * size);
                mbps = Arrays.copyOf(mbps, 2 * size);
            }
            times[size] = time;
            mbps[size++] = value;
            most = Math.max(most, value);
            lastLine = line;
        }

        long[] ticks() {
            long[] ticks = new long[size];
            for (int k = 0; k < size; k++) {
                ticks[k] = Ticks.at(times[k] - first);
            }
            return ticks;
        }
    }

    public int size() {
        return times.size();
    }

    /** The length of a trace in ticks. */
    public long length(int trace) {
        return lengths.get(trace);
    }

    /** The value of a trace at a tick. The tick may be negative: a trace is repeated in both directions. */
    public double mbps(int trace, long tick) {
        return values.get(trace)[index(trace, Math.floorMod(tick, lengths.get(trace)))];
    }

    /** The number of ticks from this one until the value changes. */
    public long untilChange(int trace, long tick) {
        long within = Math.floorMod(tick, lengths.get(trace));
        int next = index(trace, within) + 1;
        long[] t = times.get(trace);
        return (next < t.length ? t[next] : lengths.get(trace)) - within;
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
