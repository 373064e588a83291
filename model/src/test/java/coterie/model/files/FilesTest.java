package coterie.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {
    @TempDir
    Path folder;

    @Test
    void everyFloat16SurvivesTheWayToFloat32AndBack() {
        for (int h = 0; h < 1 << 16; h++) {
            float f = HalfFloat.fromFloat16((short) h);
            if (!Float.isNaN(f)) {
                assertThat(HalfFloat.toFloat16(f)).isEqualTo((short) h);
            }
        }
    }

    @Test
    void float16RoundsToTheNearestTiesToEven() {
        assertThat(HalfFloat.toFloat16(1f)).isEqualTo((short) 0x3c00);
        assertThat(HalfFloat.toFloat16(1 + 0x1p-11f))
                .as("a tie goes to the even neighbour")
                .isEqualTo((short) 0x3c00);
        assertThat(HalfFloat.toFloat16(1 + 3 * 0x1p-11f)).isEqualTo((short) 0x3c02);
        assertThat(HalfFloat.toFloat16(1 + 0x1p-11f + 0x1p-20f)).isEqualTo((short) 0x3c01);
        assertThat(HalfFloat.toFloat16(65519f)).isEqualTo((short) 0x7bff);
        assertThat(HalfFloat.toFloat16(65520f)).isEqualTo((short) 0x7c00);
        assertThat(HalfFloat.toFloat16(-0x1p-24f)).isEqualTo((short) 0x8001);
        assertThat(HalfFloat.toFloat16(0x1p-26f)).isEqualTo((short) 0);
        assertThat(HalfFloat.toFloat16(-0f)).isEqualTo((short) 0x8000);
        assertThat(Float.isNaN(HalfFloat.fromFloat16(HalfFloat.toFloat16(Float.NaN))))
                .isTrue();
    }

    @Test
    void bfloat16RoundsToTheNearestTiesToEven() {
        assertThat(HalfFloat.toBfloat16(1f)).isEqualTo((short) 0x3f80);
        assertThat(HalfFloat.toBfloat16(1 + 0x1p-8f)).isEqualTo((short) 0x3f80);
        assertThat(HalfFloat.toBfloat16(1 + 3 * 0x1p-8f)).isEqualTo((short) 0x3f82);
        assertThat(HalfFloat.fromBfloat16((short) 0xc040)).isEqualTo(-3f);
        assertThat(Float.isNaN(HalfFloat.fromBfloat16(HalfFloat.toBfloat16(Float.NaN))))
                .isTrue();
    }

    private static Map<String, SafeTensors.Tensor> tensors() {
        Map<String, SafeTensors.Tensor> t = new LinkedHashMap<>();
        t.put("a", new SafeTensors.Tensor(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, -6.5f}));
        t.put("scalar", new SafeTensors.Tensor(new int[0], new float[] {0.25f}));
        return t;
    }

    @Test
    void arraysComeBackAsTheyWereInEveryType() throws IOException {
        for (NumberType type : NumberType.values()) {
            Path f = folder.resolve(type + ".safetensors");
            SafeTensors.write(f, tensors(), type, Map.of("who", "test"));
            try (SafeTensors in = SafeTensors.open(f)) {
                assertThat(in.names()).containsExactly("a", "scalar");
                assertThat(in.floats("a", 2, 3)).containsExactly(1, 2, 3, 4, 5, -6.5f);
                assertThat(in.floats("scalar")).containsExactly(0.25f);
                assertThat(in.metadata()).containsEntry("who", "test");
            }
        }
    }

    @Test
    void whatIsMissingOrMisshapenIsNamed() throws IOException {
        Path f = folder.resolve("x.safetensors");
        SafeTensors.write(f, tensors(), NumberType.F32, Map.of());
        try (SafeTensors in = SafeTensors.open(f)) {
            assertThatThrownBy(() -> in.floats("b", 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has no array b");
            assertThatThrownBy(() -> in.floats("a", 3, 2))
                    .hasMessageContaining("[2, 3]")
                    .hasMessageContaining("[3, 2]");
        }
    }

    @Test
    void aTornFileIsRefusedBeforeAnythingIsRead() throws IOException {
        Path f = folder.resolve("x.safetensors");
        SafeTensors.write(f, tensors(), NumberType.F32, Map.of());
        byte[] all = Files.readAllBytes(f);
        for (int keep = 0; keep < all.length; keep++) {
            Files.write(f, java.util.Arrays.copyOf(all, keep));
            assertThatThrownBy(() -> SafeTensors.open(f).close()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aWriteThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
        Path f = folder.resolve("x.txt");
        AtomicFiles.write(f, "old");
        assertThatThrownBy(() -> AtomicFiles.write(f, out -> {
                    out.write(1);
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(Files.readString(f)).isEqualTo("old");
        try (var list = Files.list(folder)) {
            assertThat(list).containsExactly(f);
        }
    }

    @Test
    void whatALinkLeadsToIsReplacedAndAPipeIsWrittenInto() throws Exception {
        Path real = Files.writeString(folder.resolve("real.txt"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), real);
        AtomicFiles.write(link, "new");
        assertThat(link).isSymbolicLink();
        assertThat(real).content().isEqualTo("new");
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        AtomicFiles.write(pipe, "through");
        assertThat(new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("through");
        assertThat(Files.isRegularFile(pipe)).isFalse();
    }
}
