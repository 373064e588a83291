package coterie.model.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.model.base.DecoderConfig;
import coterie.model.base.family.Gpt2Family;
import coterie.model.files.SafeTensors;
import coterie.model.text.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterTest {
    @TempDir
    Path folder;

    @Test
    void gpt2OfRankFourHasThePapersNumberOfParameters() {
        assertThat(new AdapterLayout(Gpt2Family.GPT2_124M, LoraConfig.of(4, 32)).size())
                .isEqualTo(589_824);
        assertThat(Gpt2Family.GPT2_124M.parameters()).isEqualTo(124_439_808);
    }

    @Test
    void theReleasedScalesOfTheRankAblationFollowFromAlpha() {
        assertThat(new int[] {4, 8, 16, 32})
                .satisfies(r -> assertThat(java.util.Arrays.stream(r)
                                .mapToDouble(k -> LoraConfig.of(k, 32).scale()))
                        .containsExactly(8.0, 4.0, 2.0, 1.0));
    }

    @Test
    void anAdapterStartsAsNoChangeAndSharedOrNotAsTold() {
        AdapterLayout layout = new AdapterLayout(Gpt2Family.shape(2, 8, 2, 20, 8), LoraConfig.of(2, 4));
        float[] a = layout.start(AdapterLayout.Start.SHARED, 1, 0);
        assertThat(layout.start(AdapterLayout.Start.SHARED, 1, 5)).isEqualTo(a);
        assertThat(layout.start(AdapterLayout.Start.PER_USER, 1, 5))
                .isNotEqualTo(layout.start(AdapterLayout.Start.PER_USER, 1, 4));
        float[] released = layout.start(AdapterLayout.Start.RELEASED, 1, 0);
        for (AdapterLayout.Part p : layout.parts()) {
            float largest = 0;
            float largestReleased = 0;
            for (int i = 0; i < p.sizeA(); i++) {
                largest = Math.max(largest, Math.abs(a[p.offsetA() + i]));
                largestReleased = Math.max(largestReleased, Math.abs(released[p.offsetA() + i]));
            }
            assertThat((double) largest).isBetween(0.5 / Math.sqrt(p.in()), 1 / Math.sqrt(p.in()));
            assertThat((double) largestReleased).isBetween(0.5 / Math.sqrt(2), 1 / Math.sqrt(2));
            for (int i = 0; i < p.sizeB(); i++) {
                assertThat(a[p.offsetB() + i]).isZero();
            }
        }
    }

    @Test
    void partsLieSideBySideAndFillTheRow() {
        AdapterLayout layout = new AdapterLayout(Gpt2Family.shape(3, 8, 2, 20, 8), LoraConfig.of(2, 4));
        int at = 0;
        for (AdapterLayout.Part p : layout.parts()) {
            assertThat(p.offsetA()).isEqualTo(at);
            assertThat(p.offsetB()).isEqualTo(at + p.sizeA());
            at = p.offsetB() + p.sizeB();
        }
        assertThat(layout.size()).isEqualTo(at);
    }

    @Test
    void anAdapterComesBackFromPeftsFilesAsItWas() throws IOException {
        DecoderConfig config = Gpt2Family.shape(2, 8, 2, 20, 8);
        AdapterLayout layout = new AdapterLayout(config, new LoraConfig(2, 6, 0.1, Set.of(Target.ATTENTION)));
        float[] row = new float[layout.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = i * 0.5f;
        }
        PeftFiles.write(folder, layout, row, "gpt2");
        try (SafeTensors in = SafeTensors.open(folder.resolve("adapter_model.safetensors"))) {
            assertThat(in.shape("base_model.model.transformer.h.1.attn.c_attn.lora_A.weight"))
                    .containsExactly(2, 8);
            assertThat(in.shape("base_model.model.transformer.h.1.attn.c_attn.lora_B.weight"))
                    .containsExactly(24, 2);
            assertThat(in.names()).noneMatch(n -> n.contains("mlp"));
        }
        PeftFiles.Adapter back = PeftFiles.read(folder, config);
        assertThat(back.row()).isEqualTo(row);
        assertThat(back.lora().scale()).isCloseTo(3, within(1e-12));
        assertThat(back.lora().targets()).containsExactly(Target.ATTENTION);
    }

    @Test
    void anAdapterOfAnotherShapeIsRefused() throws IOException {
        AdapterLayout layout = new AdapterLayout(Gpt2Family.shape(2, 8, 2, 20, 8), LoraConfig.of(2, 4));
        PeftFiles.write(folder, layout, new float[layout.size()], "gpt2");
        assertThatThrownBy(() -> PeftFiles.read(folder, Gpt2Family.shape(2, 16, 2, 20, 8)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("shape");
    }
}
