package coterie.model.program;

import static coterie.model.program.DecoderFixture.LAYOUT;
import static coterie.model.program.DecoderFixture.SHAPE;
import static coterie.model.program.DecoderFixture.adapter;
import static coterie.model.program.DecoderFixture.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.Target;
import coterie.model.program.DecoderFixture.Result;
import coterie.model.torch.ComputeDevice;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Masks of dropout. */
class DecoderDropoutTest {
    private DecoderFixture on;

    @BeforeEach
    void load() {
        on = new DecoderFixture();
    }

    @AfterEach
    void unload() {
        on.close();
    }

    @Test
    void dropoutFollowsTheSeedAloneAndKeepsTheMean() {
        AdapterLayout layout = new AdapterLayout(SHAPE, new LoraConfig(3, 6, 0.25, Set.of(Target.ALL_LINEAR)));
        DecoderProgram dropping = new DecoderProgram(SHAPE, AdamW.PAPER, Precision.FLOAT32, 0, on.device);
        float[] adapter = adapter(1);
        long[] ids = ids(2, 12, 3);
        long[] targets = ids(2, 12, 4);
        Result a = on.gradients(dropping, on.base, layout, List.of(adapter), ids, targets, 2, new long[] {7});
        assertThat(on.gradients(dropping, on.base, layout, List.of(adapter), ids, targets, 2, new long[] {7})
                        .gradient())
                .isEqualTo(a.gradient());
        assertThat(on.gradients(dropping, on.base, layout, List.of(adapter), ids, targets, 2, new long[] {8})
                        .gradient())
                .isNotEqualTo(a.gradient());
        // With a small adapter the loss is nearly linear in the masks, so that their mean must show in the mean loss.
        float[] small = adapter.clone();
        for (int i = 0; i < small.length; i++) {
            small[i] *= 0.2f;
        }
        double mean = 0;
        for (int s = 0; s < 400; s++) {
            mean += on.gradients(dropping, on.base, layout, List.of(small), ids, targets, 2, new long[] {100 + 500L * s
                            })
                            .loss()[0]
                    / 400;
        }
        double plain = on.gradients(LAYOUT, List.of(small), ids, targets, 2, new long[0])
                .loss()[0];
        double without = on.gradients(LAYOUT, List.of(new float[LAYOUT.size()]), ids, targets, 2, new long[0])
                .loss()[0];
        assertThat(mean).isCloseTo(plain, within(0.1 * Math.abs(plain - without)));
    }

    @Test
    void dropoutOfAttentionCanStayOnWhereNothingIsTrained() {
        DecoderProgram released = new DecoderProgram(SHAPE, AdamW.PAPER, Precision.FLOAT32, 0.2, on.device);
        float[] adapter = adapter(4);
        try (NDManager m = on.device.root().newSubManager()) {
            NDArray x = m.create(ids(2, 12, 3), new Shape(2, 12));
            NDArray y = m.create(ids(2, 12, 4), new Shape(2, 12));
            NDArray row = ComputeDevice.array(m, adapter, LAYOUT.size());
            float[] quiet = released.losses(x, y, LAYOUT, row, on.base, DecoderProgram.QUIET, m)
                    .toFloatArray();
            assertThat(quiet)
                    .isEqualTo(on.program
                            .losses(x, y, LAYOUT, row, on.base, DecoderProgram.QUIET, m)
                            .toFloatArray());
            float[] noisy = released.losses(x, y, LAYOUT, row, on.base, new long[] {5}, m)
                    .toFloatArray();
            assertThat(noisy)
                    .isNotEqualTo(quiet)
                    .isEqualTo(released.losses(x, y, LAYOUT, row, on.base, new long[] {5}, m)
                            .toFloatArray());
            assertThat(released.losses(x, y, LAYOUT, row, on.base, new long[] {6}, m)
                            .toFloatArray())
                    .isNotEqualTo(noisy);
            assertThat(on.program
                            .losses(x, y, LAYOUT, row, on.base, new long[] {5}, m)
                            .toFloatArray())
                    .as("there is none to leave on")
                    .isEqualTo(quiet);
            NDArray at = m.create(new long[] {3, 20});
            assertThat(released.topLogits(x, LAYOUT, List.of(row), on.base, at, 5, new long[] {5}, m)
                            .get(0)
                            .toFloatArray())
                    .isNotEqualTo(released.topLogits(x, LAYOUT, List.of(row), on.base, at, 5, DecoderProgram.QUIET, m)
                            .get(0)
                            .toFloatArray());
        }
    }
}
