package coterie.model.program;

import static coterie.model.program.DecoderFixture.LAYOUT;
import static coterie.model.program.DecoderFixture.SHAPE;
import static coterie.model.program.DecoderFixture.adapter;
import static coterie.model.program.DecoderFixture.ids;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.program.DecoderFixture.Result;
import coterie.model.torch.ComputeDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users that share a pass. */
class StackedUsersTest {
    private DecoderFixture on;

    @BeforeEach
    void load() {
        on = new DecoderFixture();
    }

    @AfterEach
    void unload() {
        on.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8})
    void aUsersGradientHasTheSameBitsAloneAndStacked(int users) {
        List<float[]> adapters = new ArrayList<>();
        for (int u = 0; u < users; u++) {
            adapters.add(adapter(u));
        }
        long[] ids = ids(2 * users, 12, 3);
        long[] targets = ids(2 * users, 12, 4);
        long[] seeds = LongStream.range(40, 40 + users).toArray();
        AdapterLayout layout = new AdapterLayout(SHAPE, new LoraConfig(3, 6, 0.1, Set.of(Target.ALL_LINEAR)));
        DecoderProgram dropping = new DecoderProgram(SHAPE, AdamW.PAPER, Precision.FLOAT32, 0.1, on.device);
        Result all = on.gradients(dropping, on.base, layout, adapters, ids, targets, 2 * users, seeds);
        for (int u = 0; u < users; u++) {
            Result one = on.gradients(
                    dropping,
                    on.base,
                    layout,
                    List.of(adapters.get(u)),
                    Arrays.copyOfRange(ids, 24 * u, 24 * u + 24),
                    Arrays.copyOfRange(targets, 24 * u, 24 * u + 24),
                    2,
                    new long[] {seeds[u]});
            assertThat(Arrays.copyOfRange(all.gradient(), u * LAYOUT.size(), (u + 1) * LAYOUT.size()))
                    .isEqualTo(one.gradient());
            assertThat(all.loss()[u]).isEqualTo(one.loss()[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8})
    void aUsersLossesAndPredictionsHaveTheSameBitsAloneAndStacked(int users) {
        DecoderProgram noisy = new DecoderProgram(SHAPE, AdamW.PAPER, Precision.FLOAT32, 0.2, on.device);
        long[] ids = ids(2 * users, 12, 3);
        long[] targets = ids(2 * users, 12, 4);
        long[] seeds = LongStream.range(40, 40 + users).toArray();
        long[] last = LongStream.range(0, 2L * users).map(r -> 12 * r + 11).toArray();
        try (NDManager m = on.device.root().newSubManager()) {
            List<NDArray> rows = IntStream.range(0, users)
                    .mapToObj(u -> ComputeDevice.array(m, adapter(u), LAYOUT.size()))
                    .toList();
            NDArray x = m.create(ids, new Shape(2L * users, 12));
            NDArray y = m.create(targets, new Shape(2L * users, 12));
            for (boolean quiet : new boolean[] {true, false}) {
                long[] all = quiet ? DecoderProgram.QUIET : seeds;
                float[] losses =
                        noisy.losses(x, y, LAYOUT, rows, on.base, all, m).toFloatArray();
                NDList top = noisy.topLogits(x, LAYOUT, rows, on.base, m.create(last), 5, all, m);
                for (int u = 0; u < users; u++) {
                    NDArray ownX = m.create(Arrays.copyOfRange(ids, 24 * u, 24 * u + 24), new Shape(2, 12));
                    NDArray ownY = m.create(Arrays.copyOfRange(targets, 24 * u, 24 * u + 24), new Shape(2, 12));
                    long[] seed = quiet ? DecoderProgram.QUIET : new long[] {seeds[u]};
                    assertThat(Arrays.copyOfRange(losses, 24 * u, 24 * u + 24))
                            .isEqualTo(noisy.losses(ownX, ownY, LAYOUT, rows.get(u), on.base, seed, m)
                                    .toFloatArray());
                    NDList own = noisy.topLogits(
                            ownX, LAYOUT, List.of(rows.get(u)), on.base, m.create(new long[] {11, 23}), 5, seed, m);
                    assertThat(Arrays.copyOfRange(top.get(0).toFloatArray(), 10 * u, 10 * u + 10))
                            .isEqualTo(own.get(0).toFloatArray());
                    assertThat(Arrays.copyOfRange(top.get(1).toLongArray(), 10 * u, 10 * u + 10))
                            .isEqualTo(own.get(1).toLongArray());
                }
            }
        }
    }
}
