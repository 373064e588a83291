package coterie.model.files.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** GGUF files: blocks of every type, compared with the Python package, and headers that are wrong. */
class GgufFileTest {
    private static final int ROWS = 2;
    private static final int COLUMNS = 256;

    @TempDir
    Path folder;

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = GgufFileTest.class.getResourceAsStream("/gguf/" + name)) {
            return in.readAllBytes();
        }
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.gguf"), bytes);
    }

    @Test
    void blocksOfEveryTypeAreReadAsThePythonPackageReadsThem() throws IOException {
        ByteBuffer wanted = ByteBuffer.wrap(resource("quants.f32")).order(ByteOrder.LITTLE_ENDIAN);
        try (GgufFile f = GgufFile.open(file(resource("quants.gguf")))) {
            assertThat(f.names()).containsExactlyInAnyOrderElementsOf(f.types().keySet());
            assertThat(f.types()).hasSize(GgufType.values().length);
            for (String name : f.names()) {
                f.check(name, ROWS, COLUMNS);
                float[] read = new float[ROWS * COLUMNS];
                float[] row = new float[COLUMNS];
                for (int r = 0; r < ROWS; r++) {
                    f.read(name, r * COLUMNS, COLUMNS, row);
                    System.arraycopy(row, 0, read, r * COLUMNS, COLUMNS);
                }
                for (int i = 0; i < read.length; i++) {
                    assertThat(read[i]).as(name + " at " + i).isEqualTo(wanted.getFloat());
                }
            }
        }
        assertThat(wanted.hasRemaining()).isFalse();
    }

    @Test
    void metadataIsReadByTypeAndRefusedByName() throws IOException {
        try (GgufFile f = GgufFile.open(file(resource("quants.gguf")))) {
            assertThat(f.text("general.architecture")).isEqualTo("llama");
            assertThat(f.count("llama.block_count")).isEqualTo(2);
            assertThat(f.number("llama.attention.layer_norm_rms_epsilon")).hasValue(1e-5);
            assertThat(f.number("llama.rope.freq_base")).isEmpty();
            assertThat(f.texts("tokenizer.ggml.tokens")).containsExactly("a", "Ġb", "é");
            assertThatThrownBy(() -> f.text("llama.block_count"))
                    .hasMessageContaining("x.gguf: llama.block_count must be a text, found 2");
            assertThatThrownBy(() -> f.count("none"))
                    .hasMessageContaining("none must be a whole number, found nothing");
            assertThatThrownBy(() -> f.counts("tokenizer.ggml.tokens"))
                    .hasMessageContaining("tokens[0] must be one of");
            assertThatThrownBy(() -> f.check("F32", 3, 3)).hasMessageContaining("has shape [2, 256], wanted [3, 3]");
            assertThatThrownBy(() -> f.check("other", 3)).hasMessageContaining("has no array other; it has [");
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("none at all", new byte[100], "does not begin with GGUF"),
                Arguments.of(
                        "version", new GgufBytes().u32(GgufBytes.MAGIC).u32(9).with(64), "must be 2 or 3, found 9"),
                Arguments.of(
                        "big-endian",
                        new GgufBytes().u32(GgufBytes.MAGIC).u32(3 << 24).with(64),
                        "found the big-endian form of 3"),
                Arguments.of(
                        "arrays", GgufBytes.of(1L << 60, 0).with(64), "the number of arrays is 1152921504606846976"),
                Arguments.of(
                        "keys", GgufBytes.of(0, -1).with(64), "the number of metadata keys is 18446744073709551615"),
                Arguments.of(
                        "cut off",
                        GgufBytes.of(0, 1).text("k").u32(4).raw(new byte[2]).bytes(),
                        "cut off"),
                Arguments.of(
                        "long text",
                        GgufBytes.of(0, 1).text("k").u32(8).u64(1L << 40).with(64),
                        "k: its length is 1099511"),
                Arguments.of(
                        "not UTF-8",
                        GgufBytes.of(0, 1)
                                .text("k")
                                .u32(8)
                                .u64(2)
                                .raw(new byte[] {(byte) 0xc3, 0x28})
                                .with(64),
                        "k is not UTF-8"),
                Arguments.of(
                        "kind", GgufBytes.of(0, 1).text("k").u32(77).with(64), "k must be of kind 0 to 12, found 77"),
                Arguments.of(
                        "bool",
                        GgufBytes.of(0, 1).text("k").u32(7).raw(new byte[] {3}).with(64),
                        "found 3"),
                Arguments.of(
                        "list of lists",
                        GgufBytes.of(0, 1).text("k").u32(9).u32(9).with(64),
                        "found one of lists"),
                Arguments.of(
                        "long list",
                        GgufBytes.of(0, 1).text("k").u32(9).u32(4).u64(1L << 50).with(64),
                        "k: its length is 1125899906842624"),
                Arguments.of(
                        "key twice",
                        GgufBytes.of(0, 2)
                                .text("k")
                                .u32(4)
                                .u32(1)
                                .text("k")
                                .u32(4)
                                .u32(1)
                                .with(64),
                        "k is there twice"),
                Arguments.of(
                        "alignment",
                        GgufBytes.of(0, 1)
                                .text("general.alignment")
                                .u32(4)
                                .u32(3)
                                .with(64),
                        "general.alignment must be a multiple of 8"),
                Arguments.of("dimensions", GgufBytes.of(1, 0).text("a").u32(5).with(64), "1 to 4 dimensions, found 5"),
                Arguments.of(
                        "no numbers", GgufBytes.of(1, 0).array("a", 0, 0, 0).with(64), "a dimension of 0"),
                Arguments.of(
                        "too many numbers",
                        GgufBytes.of(1, 0).array("a", 0, 0, 1 << 30, 1 << 30).with(64),
                        "a dimension of 1073741824"),
                Arguments.of(
                        "type", GgufBytes.of(1, 0).array("a", 16, 0, 32).with(64), "of type 16 of ggml, readable are"),
                Arguments.of("rows", GgufBytes.of(1, 0).array("a", 2, 0, 33).with(64), "multiples of 32"),
                Arguments.of("offset", GgufBytes.of(1, 0).array("a", 0, 3, 8).with(64), "begins at byte 3"),
                Arguments.of(
                        "data",
                        GgufBytes.of(1, 0).array("a", 0, 0, 64).with(64),
                        "it is cut off: array a ends at byte 256"),
                Arguments.of(
                        "array twice",
                        GgufBytes.of(2, 0)
                                .array("a", 0, 0, 8)
                                .array("a", 0, 32, 8)
                                .with(64),
                        "array a is there twice"),
                Arguments.of(
                        "overlap",
                        GgufBytes.of(2, 0)
                                .array("a", 0, 0, 16)
                                .array("b", 0, 32, 8)
                                .with(64),
                        "array b begins within the array before it"),
                Arguments.of(
                        "pointer",
                        "version https://git-lfs.github.com/spec/v1\noid".getBytes(StandardCharsets.UTF_8),
                        "git-lfs pointer"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String what, byte[] bytes, String message) throws IOException {
        Path file = file(bytes);
        assertThatThrownBy(() -> GgufFile.open(file).close())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    /** After any change of its bytes a file is read, or refused with a message. */
    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        byte[] whole = resource("quants.gguf");
        long seed = 20261127;
        Random random = new Random(seed);
        for (int n = 0; n < 400; n++) {
            byte[] damaged = whole.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                damaged[random.nextInt(random.nextBoolean() ? 700 : damaged.length)] = (byte) random.nextInt();
            }
            Path file = file(damaged);
            try (GgufFile f = GgufFile.open(file)) {
                for (String name : f.names()) {
                    int numbers = Math.toIntExact(Arrays.stream(f.shape(name)).reduce(1, Math::multiplyExact));
                    f.read(name, 0, numbers, new float[numbers]);
                }
            } catch (IOException e) {
                assertThat(e).as("seed " + seed + ", file " + n).hasMessageStartingWith(file.toString());
            }
        }
    }
}
