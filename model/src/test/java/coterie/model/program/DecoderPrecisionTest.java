package coterie.model.program;

import static coterie.model.program.DecoderFixture.LAYOUT;
import static coterie.model.program.DecoderFixture.SHAPE;
import static coterie.model.program.DecoderFixture.WEIGHTS;
import static coterie.model.program.DecoderFixture.adapter;
import static coterie.model.program.DecoderFixture.cosine;
import static coterie.model.program.DecoderFixture.ids;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.torch.ComputeDevice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Products in bfloat16, by the processor or in float32. */
class DecoderPrecisionTest {
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
    void bfloat16GradientsPointTheSameWayWhicheverMultiplies() {
        float[] adapter = adapter(1);
        long[] ids = ids(2, 12, 3);
        long[] targets = ids(2, 12, 4);
        float[] exact = on.gradients(LAYOUT, List.of(adapter), ids, targets, 2, new long[0])
                .gradient();
        List<float[]> near = new ArrayList<>();
        for (boolean multiplies : new boolean[] {true, false}) {
            DecoderProgram rounded = new DecoderProgram(
                    SHAPE, AdamW.PAPER, Precision.BFLOAT16, multiplies, 0, on.device, on.device.root(), false);
            try (FrozenBase half = new FrozenBase(WEIGHTS, rounded, on.device)) {
                near.add(on.gradients(rounded, half, LAYOUT, List.of(adapter), ids, targets, 2, new long[0])
                        .gradient());
            }
        }
        assertThat(cosine(exact, near.get(0))).isGreaterThan(0.999).isLessThan(1 - 1e-9);
        assertThat(cosine(exact, near.get(1))).isGreaterThan(0.999).isLessThan(1 - 1e-9);
        // Some processors round once more, after the bias was added.
        assertThat(cosine(near.get(0), near.get(1))).isGreaterThan(0.999);
    }

    @Test
    void aBaseInBfloat16HasTheSameGradientWhicheverMultiplies() {
        long[] ids = ids(2, 12, 3);
        long[] targets = ids(2, 12, 4);
        List<float[]> gradients = new ArrayList<>();
        try (NDManager m = on.device.root().newSubManager()) {
            NDArray flat = ComputeDevice.array(m, WEIGHTS.flat(), WEIGHTS.flat().length);
            for (boolean multiplies : new boolean[] {true, false}) {
                gradients.add(new DecoderProgram(
                                SHAPE,
                                AdamW.PAPER,
                                Precision.BFLOAT16,
                                multiplies,
                                0,
                                on.device,
                                on.device.root(),
                                false)
                        .baseGradients(m.create(ids, new Shape(2, 12)), m.create(targets, new Shape(2, 12)), flat, m)
                        .gradient()
                        .toFloatArray());
            }
        }
        assertThat(cosine(gradients.get(0), gradients.get(1))).isGreaterThan(0.999);
    }
}
