package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.model.trust.TrustRow;
import coterie.model.trust.UserMixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The trust matrix over time: each user's last row, with {@link Bins} for users. An entry is the total weight that a
 * user of the row gives all users of the column, the mean over those users of the row that have mixed.
 */
final class TrustFrames {
    private static final int FRAMES = 60;
    private static final double FULL = 65535;

    private record Frame(double seconds, double[] weights) {}

    private final Bins bins;
    private final TrustRow[] rows;
    /** Virtual seconds of each user's last mixing. */
    private final double[] at;

    private final double[] sums;
    private final int[] mixed;
    private final Thinned<Frame> frames = new Thinned<>(FRAMES);
    private double seconds;
    private long count;

    TrustFrames(Bins bins) {
        this.bins = bins;
        rows = new TrustRow[bins.users()];
        at = new double[bins.users()];
        sums = new double[bins.count() * bins.count()];
        mixed = new int[bins.count()];
    }

    void mixed(Observation.Mixed m) {
        int row = bins.of(m.user());
        if (rows[m.user()] == null) {
            mixed[row]++;
        } else {
            add(row, rows[m.user()], -1);
        }
        rows[m.user()] = m.row();
        at[m.user()] = m.seconds();
        add(row, m.row(), 1);
        seconds = m.seconds();
        // About one frame per round shows what changes between two of them.
        if (count++ % bins.users() == bins.users() - 1) {
            frames.add(this::frame);
        }
    }

    private void add(int to, TrustRow row, double sign) {
        for (int k = 0; k < row.users().length; k++) {
            sums[to * bins.count() + bins.of(row.users()[k])] += sign * row.weights()[k];
        }
    }

    private Frame frame() {
        double[] w = sums.clone();
        for (int i = 0; i < w.length; i++) {
            w[i] /= Math.max(1, mixed[i / bins.count()]);
        }
        return new Frame(seconds, w);
    }

    /** The last trust row of each user; null for users that never mixed. */
    TrustRow[] rows() {
        return rows;
    }

    private List<Frame> all() {
        List<Frame> all = new ArrayList<>(frames.kept());
        if (count > 0 && (all.isEmpty() || all.get(all.size() - 1).seconds < seconds)) {
            all.add(frame());
        }
        return all;
    }

    void show(RunReport.Onlooker onlooker) throws IOException {
        for (Frame f : all()) {
            onlooker.see(f.seconds, bins.count(), f.weights);
        }
    }

    void json(ObjectNode to, UserMixtures mixtures) {
        List<Frame> all = all();
        ArrayNode times = to.putArray("at");
        ArrayNode weights = to.putArray("weights");
        for (Frame f : all) {
            Json.add(times, f.seconds);
            weights.add(packed(f.weights));
        }
        to.put("oracle", packed(oracle(mixtures)));
    }

    /**
     * The oracle's matrix: inner products of mixtures, over a user's last candidates and at its last mixing, or over
     * all users and at the last mixing of any if it never mixed.
     */
    private double[] oracle(UserMixtures mixtures) {
        double[] w = new double[sums.length];
        int[] members = new int[bins.count()];
        for (int u = 0; u < mixtures.users(); u++) {
            members[bins.of(u)]++;
        }
        for (int u = 0; u < mixtures.users(); u++) {
            double when = rows[u] == null ? seconds : at[u];
            double[] own = mixtures.at(u, when);
            int n = rows[u] == null ? mixtures.users() : rows[u].users().length;
            double[] row = new double[n];
            double sum = 0;
            for (int k = 0; k < n; k++) {
                int other = rows[u] == null ? k : rows[u].users()[k];
                double[] theirs = mixtures.at(other, when);
                for (int c = 0; c < own.length; c++) {
                    row[k] += own[c] * theirs[c];
                }
                sum += row[k];
            }
            for (int k = 0; k < n; k++) {
                int other = rows[u] == null ? k : rows[u].users()[k];
                w[bins.of(u) * bins.count() + bins.of(other)] += row[k] / sum / members[bins.of(u)];
            }
        }
        return w;
    }

    /**
     * Weights in [0, 1] as 16-bit numbers, little endian, in Base64: half as long as decimal numbers, and fast to read.
     */
    private static String packed(double[] weights) {
        ByteBuffer out = ByteBuffer.allocate(2 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double w : weights) {
            out.putShort((short) Math.round(FULL * Math.max(0, Math.min(1, w))));
        }
        return Base64.getEncoder().encodeToString(out.array());
    }
}
