package coterie.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers that the reference library refuses, and values that no weight may have. */
class SafeTensorsHeaderTest {
    private static final String A = "'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}";

    @TempDir
    Path folder;

    private static byte[] file(byte[] header, int data) {
        return ByteBuffer.allocate(8 + header.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private static SafeTensors open(String header, int data) throws IOException {
        return SafeTensors.of(file(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8), data), "x.safetensors");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(
                        "{" + A + ", 'b': {'dtype': 'F32', 'shape': [2], 'data_offsets': [4, 12]}}",
                        12,
                        "array b begins at byte 4"),
                Arguments.of(
                        "{" + A + ", 'b': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8]}}",
                        8,
                        "begins at byte 0"),
                Arguments.of(
                        "{" + A + ", 'b': {'dtype': 'F32', 'shape': [1], 'data_offsets': [12, 16]}}",
                        16,
                        "after a hole"),
                Arguments.of("{'b': {'dtype': 'F32', 'shape': [1], 'data_offsets': [4, 8]}}", 8, "after a hole"),
                Arguments.of("{" + A + "}", 12, "the arrays take 8 bytes, the file has 12"),
                Arguments.of("{" + A + "}", 4, "it is cut off"),
                Arguments.of("{" + A + ", " + A + "}", 8, "Duplicate"),
                Arguments.of("{" + A + ", '__metadata__': {'k': 3}}", 8, "__metadata__"),
                Arguments.of("{" + A + ", '__metadata__': ['k']}", 8, "__metadata__"),
                Arguments.of(
                        "{'a': {'dtype': 'F33', 'shape': [2], 'data_offsets': [0, 8]}}", 8, "unknown dtype \"F33\""),
                Arguments.of("{'a': {'dtype': null, 'shape': [2], 'data_offsets': [0, 8]}}", 8, "unknown dtype null"),
                Arguments.of("{'a': {'dtype': 'F32', 'shape': [3], 'data_offsets': [0, 8]}}", 8, "ask for 12"),
                Arguments.of(
                        "{'a': {'dtype': 'F32', 'shape': [4294967296, 4294967296], 'data_offsets': [0, 8]}}",
                        8,
                        "more numbers than any file"),
                Arguments.of(
                        "{'a': {'dtype': 'F32', 'shape': [99999999999999999999], 'data_offsets': [0, 8]}}",
                        8,
                        "shape must be a list"),
                Arguments.of(
                        "{'a': {'dtype': 'F32', 'shape': [-2], 'data_offsets': [0, 8]}}", 8, "shape must be a list"),
                Arguments.of("{'a': {'dtype': 'F32', 'shape': 2, 'data_offsets': [0, 8]}}", 8, "shape must be a list"),
                Arguments.of(
                        "{'a': {'dtype': 'F32', 'shape': [2.5], 'data_offsets': [0, 8]}}", 8, "shape must be a list"),
                Arguments.of(
                        "{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [0, 8, 9]}}",
                        8,
                        "data_offsets must be two"),
                Arguments.of("{'a': {'dtype': 'F32', 'shape': [2], 'data_offsets': [8, 0]}}", 8, "takes bytes 8 to 0"),
                Arguments.of("{'a': 3}", 8, "array a"),
                Arguments.of("{'a': {'dtype': 'F4', 'shape': [3], 'data_offsets': [0, 1]}}", 1, "array a"),
                Arguments.of("[1, 2]", 8, "does not begin with {"),
                Arguments.of("{'a': ", 8, "line 1"),
                Arguments.of("{} {}", 0, "not valid JSON"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(String header, int data, String message) {
        assertThatThrownBy(() -> open(header, data).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message)
                .hasMessageStartingWith("x.safetensors");
    }

    @Test
    void anyOrderOfNamesAndEmptyArraysAreTaken() throws IOException {
        try (SafeTensors s = open(
                "{'b': {'dtype': 'F32', 'shape': [1], 'data_offsets': [8, 12]},"
                        + " 'e': {'dtype': 'F32', 'shape': [0, 5], 'data_offsets':"
                        + " [8, 8]}, " + A
                        + ", 'm': {'dtype': 'BOOL', 'shape': [4], 'data_offsets': [12, 16]}, '__metadata__': null}",
                16)) {
            assertThat(s.names()).containsExactly("b", "e", "a", "m");
            assertThat(s.floats("e", 0, 5)).isEmpty();
            assertThatThrownBy(() -> s.floats("m", 4)).hasMessageContaining("type BOOL");
        }
    }

    @Test
    void bytesThatAreNoHeaderAreRefused() {
        String header = "{\"\u00e4\": {\"dtype\": \"F32\", \"shape\": [0], \"data_offsets\": [0, 0]}}";
        byte[] latin1 = header.getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> SafeTensors.of(file(latin1, 0), "x"))
                .hasMessageStartingWith("x: the header: byte 2: 0xE4 is not UTF-8");
        byte[] pointer = "version https://git-lfs.github.com/spec/v1\nsize 3\n".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> SafeTensors.of(pointer, "x")).hasMessageContaining("git-lfs pointer");
        byte[] huge = ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(-5)
                .array();
        assertThatThrownBy(() -> SafeTensors.of(huge, "x"))
                .hasMessageContaining("a header of 18446744073709551611 bytes in a file of 32");
        assertThatThrownBy(() -> SafeTensors.open(folder)).hasMessageContaining("is not a file");
        assertThatThrownBy(() -> SafeTensors.open(folder.resolve("none"))).hasMessageContaining("no such file");
    }

    @Test
    void aNumberThatIsNotFiniteIsNamed() throws IOException {
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (NumberType type : NumberType.values()) {
                Path f = folder.resolve("w.safetensors");
                SafeTensors.write(
                        f,
                        Map.of("w", new SafeTensors.Tensor(new int[] {2, 3}, new float[] {1, 2, 3, 4, wrong, 6})),
                        type,
                        Map.of());
                try (SafeTensors in = SafeTensors.open(f)) {
                    assertThatThrownBy(() -> in.floats("w", 2, 3))
                            .hasMessage(f + ": array w is " + wrong + " at index [1, 1]; all numbers must be finite");
                }
            }
        }
    }

    /** Half of a double's digits are dropped; a double beyond float32's range is refused. */
    @Test
    void doublesAreReadAsFloats() throws IOException {
        Path f = folder.resolve("d.safetensors");
        for (double v : new double[] {0.1, -3e38, 1e-300, 1e300}) {
            byte[] head = "{\"w\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}"
                    .getBytes(StandardCharsets.US_ASCII);
            Files.write(
                    f,
                    ByteBuffer.allocate(8 + head.length + 16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(head.length)
                            .put(head)
                            .putDouble(1)
                            .putDouble(v)
                            .array());
            try (SafeTensors in = SafeTensors.open(f)) {
                if (v < 1e38) {
                    assertThat(in.floats("w", 2)).containsExactly(1, (float) v);
                } else {
                    assertThatThrownBy(() -> in.floats("w", 2))
                            .hasMessage(f + ": array w is Infinity at index [1]; all numbers must be finite");
                }
            }
        }
    }

    @Test
    void textIsUtf8OrRefusedWithTheByte() throws IOException {
        Path f = folder.resolve("t.json");
        Files.write(f, "\ufeff{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
        assertThat(ForeignText.json(f).path("a").intValue()).isEqualTo(1);
        Files.write(f, "{\"a\": 1}".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> ForeignText.json(f))
                .hasMessageContaining("UTF-16")
                .hasMessageContaining("byte 0");
        Files.write(f, new byte[] {'{', '}', ' ', (byte) 0xc3});
        assertThatThrownBy(() -> ForeignText.json(f)).hasMessageContaining("byte 3: ");
        Files.writeString(f, "{\"a\": 1,\n \"a\": 2}");
        assertThatThrownBy(() -> ForeignText.json(f))
                .hasMessageContaining("line 2")
                .hasMessageContaining("Duplicate");
        Files.writeString(f, "");
        assertThatThrownBy(() -> ForeignText.json(f)).hasMessageContaining("found nothing");
        assertThatThrownBy(() -> ForeignText.json(folder)).hasMessageContaining("but a folder");
    }

    /** In words, without the parser's names for its own settings and places. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1 | line 1, column 8: it ends in the middle",
                "{\"a\": \"b | it ends in the middle",
                "{\"a\": [1, | it ends in the middle",
                "{\"a\": NaN} | NaN is not JSON",
                "{\"a\": -Infinity} | is not JSON",
                "/* a */ {} | comments are not JSON",
                "{\"a\": 1 // one | comments are not JSON",
                "{# a | Unexpected character ('#'",
                "{\"a\": [1}} | for Array starting at line: 1, column: 7)",
                "{\"a\": +1} | column",
                "{'a': 1} | Unexpected character",
                "{a: 1} | Unexpected character",
                "{\"a\": 01} | Leading zeroes",
                "{\"a\": tru} | Unrecognized token",
                "{\"a\": .5} | column",
                "{\"a\": 5.} | column",
                "{\"a\": \"\\q\"} | column",
                "{} {} | something stands behind",
                "{\"a\": 1,} | column"
            })
    void whatIsNoJsonIsToldInWords(String text, String message) {
        assertThatThrownBy(() -> ForeignText.json(text, "t"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("t is not valid JSON: line 1, column ")
                .hasMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("`", "Source", "Feature", "enable"));
    }

    @Test
    void whatIsNestedTooDeeplyOrTooLongIsToldInWords() {
        assertThatThrownBy(() -> ForeignText.json("{\"a\": " + "[".repeat(2000), "t"))
                .hasMessage("t is not valid JSON: nested too deeply, more than 1000 levels");
        assertThatThrownBy(() -> ForeignText.json("{\"a\": " + "1".repeat(2000) + "}", "t"))
                .hasMessageContaining("exceeds the maximum allowed (1000)");
    }
}
