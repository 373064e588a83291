package coterie.topology.trace;

import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;

/** A square matrix of latencies between places, in milliseconds. */
public final class LatencyTable {
    private static final int LARGEST = 16_384;
    private final double[][] ms;

    private LatencyTable(double[][] ms) {
        this.ms = ms;
    }

    /** @throws IllegalArgumentException if the file cannot be read or is not square */
    public static LatencyTable read(String path) {
        TraceFile file = new TraceFile(path);
        List<double[]> rows = new ArrayList<>();
        file.rows((f, line) -> {
            if (!rows.isEmpty() && f.length != rows.get(0).length) {
                throw file.wrong(line, "has " + f.length + " numbers, the first row has " + rows.get(0).length);
            }
            if (f.length > LARGEST) {
                throw file.wrong(line, "has " + f.length + " numbers; a table has at most " + LARGEST + " places");
            }
            double[] row = new double[f.length];
            for (int k = 0; k < f.length; k++) {
                row[k] = file.number(f[k], line, "milliseconds", Ticks.LONGEST_SECONDS * 1000);
            }
            rows.add(row);
        });
        if (rows.isEmpty()) {
            throw file.empty();
        }
        if (rows.size() != rows.get(0).length) {
            throw new IllegalArgumentException(path + ": must be a square of milliseconds, found " + rows.size()
                    + " rows of " + rows.get(0).length
                    + " numbers");
        }
        return new LatencyTable(rows.toArray(double[][]::new));
    }

    /** The latency from one user to another in milliseconds. User u is at place u mod the size of the table. */
    public double ms(int from, int to) {
        return ms[from % ms.length][to % ms.length];
    }

    /** The smallest latency between any two of this many users. */
    public double least(int users) {
        double least = Double.POSITIVE_INFINITY;
        int places = Math.min(users, ms.length);
        for (int i = 0; i < places; i++) {
            for (int j = 0; j < places; j++) {
                // Two users at the same place have the latency on the diagonal.
                if (i != j || users > ms.length) {
                    least = Math.min(least, ms[i][j]);
                }
            }
        }
        return Double.isInfinite(least) ? 0 : least;
    }
}
