package coterie.model.program;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.TorchScript;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The formula of {@code dropout.py}, and that its bits are independent. */
class DropoutMasksTest {
    private static final int BLOCKS = 2;
    private static final int SITES = 16 * BLOCKS + 1;
    private ComputeDevice device;
    private TorchScript program;

    @BeforeEach
    void compile() throws IOException {
        device = ComputeDevice.of("cpu");
        try (InputStream in = DecoderProgram.class.getResourceAsStream("dropout.py")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            program = TorchScript.compile(
                    text.replace("${device}", "cpu")
                            .replace("${base_dropout}", "0.1")
                            .replace("${layers}", String.valueOf(BLOCKS))
                            .replace("${sites_of_a_block}", "16"),
                    device.root());
        }
    }

    @AfterEach
    void close() {
        device.close();
    }

    /** Masks [U][n] of a site. */
    private float[][] masks(long[] seeds, int site, int n, double keep) {
        return masks("mask", seeds, site, n, keep);
    }

    private float[][] masks(String method, long[] seeds, int site, int n, double keep) {
        try (NDManager m = device.root().newSubManager();
                IValue s = IValue.listFrom(seeds);
                IValue all = IValue.from((long) SITES);
                IValue masks = program.make("masks", s, all);
                IValue at = IValue.from((long) site);
                IValue length = IValue.from((long) n);
                IValue probability = IValue.from(keep)) {
            float[] flat = program.call(method, m, masks, at, length, probability)
                    .get(0)
                    .toFloatArray();
            float[][] out = new float[seeds.length][];
            for (int u = 0; u < out.length; u++) {
                out[u] = Arrays.copyOfRange(flat, u * n, u * n + n);
            }
            return out;
        }
    }

    /** The formula with plain numbers. */
    private static float[] expected(long seed, int site, int n, double keep) {
        long z = seed + (site + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        z ^= z >>> 31;
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            int x = i / 2 * 0x7feb352d + (int) z;
            x = (x ^ x >>> 15 ^ (int) (z >>> 32)) * 0x846ca68b;
            x ^= x >>> 16;
            short draw = (short) (i % 2 == 0 ? x : x >>> 16);
            out[i] = draw < Math.round(keep * 65536) - 32768 ? 1 : 0;
        }
        return out;
    }

    @Test
    void aMaskIsThatOfTheFormulaAloneAndStacked() {
        long[] seeds = {0, -1, 7, Long.MIN_VALUE, 0x123456789abcdefL};
        for (int site : new int[] {0, 5, SITES - 1}) {
            for (int n : new int[] {1, 7, 4096}) {
                float[][] together = masks(seeds, site, n, 0.9);
                for (int u = 0; u < seeds.length; u++) {
                    assertThat(together[u])
                            .as("seed %d, site %d, %d positions", seeds[u], site, n)
                            .isEqualTo(expected(seeds[u], site, n, 0.9))
                            .isEqualTo(masks(new long[] {seeds[u]}, site, n, 0.9)[0]);
                }
            }
        }
    }

    @Test
    void masksThatAreDrawnForAllBlocksAreTheSame() {
        long[] seeds = {0, -1, 7};
        for (int site : new int[] {0, 5, 15, 16, 21, 31}) {
            for (int n : new int[] {1, 7, 4096}) {
                assertThat(masks("mask_of_block", seeds, site, n, 0.9))
                        .as("site %d, %d positions", site, n)
                        .isDeepEqualTo(masks(seeds, site, n, 0.9));
            }
        }
    }

    @Test
    void aShorterMaskIsTheBeginningOfALongerOne() {
        long[] seeds = {3, 4};
        float[][] longer = masks(seeds, 2, 1001, 0.5);
        float[][] shorter = masks(seeds, 2, 500, 0.5);
        assertThat(shorter[1]).isEqualTo(Arrays.copyOf(longer[1], 500));
    }

    @Test
    void asManyAreKeptAsAskedFor() {
        int n = 1 << 20;
        for (double keep : new double[] {0.1, 0.5, 0.9, 0.999}) {
            double rounded = Math.round(keep * 65536) / 65536.0;
            double deviation = Math.sqrt(n * rounded * (1 - rounded));
            for (float[] mask : masks(new long[] {1, 2, 3}, 1, n, keep)) {
                assertThat(Math.abs(sum(mask) - n * rounded) / deviation)
                        .as("kept with probability %s, in standard deviations", keep)
                        .isLessThan(4.5);
            }
        }
        assertThat(sum(masks(new long[] {1}, 1, 1000, 1 - 1e-9)[0]))
                .as("nearly always")
                .isGreaterThan(998);
    }

    /** Correlations are sums of n products with mean 0 and variance 1 if draws are independent. */
    @Test
    void masksOfPositionsUsersAndSitesAreIndependent() {
        int width = 576;
        int n = 256 * width;
        double keep = 0.9;
        long[] seeds = new SplittableRandom(11).longs(12).toArray();
        // near one another, as a caller might choose them
        seeds[1] = seeds[0] + 1;
        seeds[2] = seeds[0] + 2;
        float[][] masks = masks(seeds, 4, n, keep);
        for (float[] mask : masks) {
            for (int lag : new int[] {1, 2, 3, 4, 16, 64, 256, width, 2 * width, 4096, 65536}) {
                assertThat(correlation(mask, mask, lag, keep))
                        .as("positions %d apart", lag)
                        .isBetween(-5.0, 5.0);
            }
        }
        for (int u = 0; u < seeds.length; u++) {
            for (int v = 0; v < u; v++) {
                assertThat(correlation(masks[u], masks[v], 0, keep))
                        .as("seeds %d and %d", seeds[u], seeds[v])
                        .isBetween(-5.0, 5.0);
            }
        }
        float[][] sites = new float[SITES][];
        for (int s = 0; s < SITES; s++) {
            sites[s] = masks(new long[] {seeds[3]}, s, n, keep)[0];
            for (int t = 0; t < s; t++) {
                assertThat(correlation(sites[s], sites[t], 0, keep))
                        .as("sites %d and %d", s, t)
                        .isBetween(-5.0, 5.0);
            }
        }
    }

    private static double correlation(float[] a, float[] b, int lag, double keep) {
        double p = Math.round(keep * 65536) / 65536.0;
        double sum = 0;
        int n = b.length - lag;
        for (int i = 0; i < n; i++) {
            sum += (a[i] - p) * (b[lag + i] - p);
        }
        return sum / (p * (1 - p)) / Math.sqrt(n);
    }

    private static double sum(float[] all) {
        double sum = 0;
        for (float x : all) {
            sum += x;
        }
        return sum;
    }
}
