package coterie.model.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.base.family.Gpt2Family;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WeightChangesTest {
    private static final AdapterLayout LAYOUT =
            new AdapterLayout(Gpt2Family.shape(2, 8, 2, 32, 8), new LoraConfig(3, 8, 0, Set.of(Target.ALL_LINEAR)));

    private static float[] random(long seed) {
        RandomStream s = RandomStream.of(seed, Purpose.BATCH);
        float[] x = new float[LAYOUT.size()];
        for (int k = 0; k < x.length; k++) {
            x[k] = (float) s.gaussian();
        }
        return x;
    }

    /** The entry of B·A of a layer, from the definition. */
    private static double entry(AdapterLayout.Part p, float[] x, int out, int in) {
        double sum = 0;
        for (int r = 0; r < p.rank(); r++) {
            sum += (double) x[p.offsetB() + out * p.rank() + r] * x[p.offsetA() + r * p.in() + in];
        }
        return sum;
    }

    @Test
    void itIsTheCosineOfTheProducts() {
        float[] x = random(1);
        float[] y = random(2);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (AdapterLayout.Part p : LAYOUT.parts()) {
            for (int o = 0; o < p.out(); o++) {
                for (int i = 0; i < p.in(); i++) {
                    double a = entry(p, x, o, i);
                    double b = entry(p, y, o, i);
                    xy += a * b;
                    xx += a * a;
                    yy += b * b;
                }
            }
        }
        assertThat(WeightChanges.cosine(LAYOUT, x, y)).isCloseTo(xy / Math.sqrt(xx * yy), within(1e-12));
    }

    /** Twice A and half of B: other parameters, the same change. */
    @Test
    void equalChangesOfOtherParametersHaveTheCosineOne() {
        float[] x = random(3);
        float[] y = x.clone();
        for (AdapterLayout.Part p : LAYOUT.parts()) {
            for (int k = 0; k < p.sizeA(); k++) {
                y[p.offsetA() + k] *= 2;
            }
            for (int k = 0; k < p.sizeB(); k++) {
                y[p.offsetB() + k] /= 2;
            }
        }
        assertThat(WeightChanges.cosine(LAYOUT, x, y)).isCloseTo(1, within(1e-12));
    }

    @Test
    void anAdapterThatChangesNothingIsLikeNone() {
        assertThat(WeightChanges.cosine(LAYOUT, LAYOUT.start(AdapterLayout.Start.SHARED, 1, 0), random(4)))
                .isZero();
    }
}
