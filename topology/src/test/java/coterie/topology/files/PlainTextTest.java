package coterie.topology.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
    @TempDir
    private Path folder;

    private static String read(Path file) throws IOException {
        try (BufferedReader in = PlainText.open(file)) {
            return in.lines().collect(Collectors.joining("\n"));
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] gzipped(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(out)) {
            zip.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void utf8IsReadWithOrWithoutByteOrderMarkAndGzip() throws IOException {
        String text = "a é 你 😀 b";
        assertThat(read(file("plain.txt", utf8(text)))).isEqualTo(text);
        assertThat(read(file("mark.txt", utf8("\ufeff" + text)))).isEqualTo(text);
        assertThat(read(file("mark.txt.gz", gzipped(utf8("\ufeff" + text))))).isEqualTo(text);
        assertThat(read(file("gzip by its content.txt", gzipped(utf8(text))))).isEqualTo(text);
        assertThat(read(file("empty.txt", new byte[0]))).isEmpty();
    }

    @Test
    void charactersAcrossBuffersAreDecoded() throws IOException {
        for (int shift = 0; shift < 4; shift++) {
            String text = "x".repeat(shift) + "😀".repeat(50_000);
            assertThat(read(file("long.txt", utf8(text)))).isEqualTo(text);
        }
    }

    @Test
    void readingAfterResetEndsAtTheEndOfTheFile() throws IOException {
        try (BufferedReader in = PlainText.open(file("x.txt", utf8("éins")))) {
            in.mark(100);
            char[] head = new char[50];
            assertThat(in.read(head, 0, 50)).isEqualTo(4);
            assertThat(in.read(head, 4, 46)).isEqualTo(-1);
            in.reset();
            assertThat(in.readLine()).isEqualTo("éins");
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-16LE,true,UTF-16LE by its byte order mark",
        "UTF-16BE,true,UTF-16BE by its byte order mark",
        "UTF-32LE,true,UTF-32LE by its byte order mark",
        "UTF-32BE,true,UTF-32BE by its byte order mark",
        "UTF-16LE,false,looks like UTF-16LE: save it as UTF-8",
        "UTF-16BE,false,looks like UTF-16BE: save it as UTF-8",
        "UTF-32LE,false,looks like UTF-32LE: save it as UTF-8",
        "UTF-32BE,false,looks like UTF-32BE: save it as UTF-8"
    })
    void otherUnicodeEncodingsAreReportedByName(String charset, boolean mark, String told) throws IOException {
        for (String text : new String[] {"It was a dark and stormy night.\n", "Была тёмная ночь, и дул ветер.\n"}) {
            byte[] bytes = ((mark ? "\ufeff" : "") + text.repeat(20)).getBytes(Charset.forName(charset));
            assertThatThrownBy(() -> read(file("x.txt", bytes)))
                    .hasMessageContaining(told)
                    .hasMessageStartingWith("byte ");
            assertThatThrownBy(() -> read(file("x.txt.gz", gzipped(bytes)))).hasMessageContaining(told);
        }
    }

    @Test
    void malformedUtf8IsReportedWithItsOffset() throws IOException {
        byte[] latin = "Die Stra\u00dfe nach M\u00fcnchen".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(file("x.txt", latin)))
                .hasMessage("byte 8: 0xDF is not UTF-8; it looks like Latin-1 or Windows-1252: save it as UTF-8");
        ByteArrayOutputStream late = new ByteArrayOutputStream();
        late.write(utf8("é".repeat(100_000)));
        late.write(0xc3);
        late.write(' ');
        assertThatThrownBy(() -> read(file("late.txt", late.toByteArray()))).hasMessageContaining("byte 200000: 0xC3");
        assertThatThrownBy(() ->
                        read(file("mark.txt", new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, 'a', (byte) 0x80})))
                .hasMessageContaining("byte 4: 0x80");
        assertThatThrownBy(() -> read(file("nul.txt", new byte[] {'a', 'b', 0, 'c'})))
                .hasMessageContaining("byte 2: is NUL");
        assertThatThrownBy(() -> read(file("overlong.txt", new byte[] {'a', (byte) 0xc0, (byte) 0xaf})))
                .hasMessageContaining("byte 1: 0xC0");
        assertThatThrownBy(() ->
                        read(file("surrogate.txt", new byte[] {'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80, 'b'})))
                .hasMessageContaining("byte 1: 0xED");
        assertThatThrownBy(() -> read(file("cut.txt", Arrays.copyOf(utf8("abc€"), 5))))
                .hasMessageContaining("byte 3: the text ends within a character");
    }

    @ParameterizedTest
    @CsvSource({
        "89504E470D0A1A0A0000,a PNG image",
        "504B030414000000,a zip archive",
        "255044462D312E370A,a PDF document",
        "504152311504,a Parquet table",
        "D0CF11E0A1B11AE1,an old Office document",
        "7B5C727466315C616E7369,an RTF document",
        "FFD8FFE000104A46,a JPEG image",
        "28B52FFD0400,Zstandard",
        "7573746172000000,binary data"
    })
    void otherFormatsAreReportedByName(String hex, String told) throws IOException {
        assertThatThrownBy(() -> read(file("x.txt", java.util.HexFormat.of().parseHex(hex))))
                .hasMessageContaining(told);
    }

    @Test
    void gitLfsPointersAreReported() throws IOException {
        Path pointer = file("x.txt", utf8("version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 5\n"));
        assertThatThrownBy(() -> read(pointer)).hasMessageContaining("Git LFS pointer");
    }

    @Test
    void damagedOrTruncatedGzipIsReported() throws IOException {
        byte[] good = gzipped(utf8("a line of text\n".repeat(2000)));
        assertThatThrownBy(() -> read(file("cut.txt.gz", Arrays.copyOf(good, good.length / 2))))
                .hasMessageContaining("gzipped and truncated after uncompressed byte");
        assertThatThrownBy(() -> read(file("head.txt.gz", Arrays.copyOf(good, 5))))
                .hasMessageContaining("truncated");
        byte[] crc = good.clone();
        crc[good.length - 6] ^= 1;
        assertThatThrownBy(() -> read(file("crc.txt.gz", crc))).hasMessageContaining("damaged");
        byte[] more = Arrays.copyOf(good, good.length + 30);
        assertThatThrownBy(() -> read(file("more.txt.gz", more))).hasMessageContaining("damaged");
        assertThatThrownBy(() -> read(file("not.txt.gz", utf8("text")))).hasMessageContaining("is not gzipped");
        assertThatThrownBy(() -> read(file("none.txt.gz", new byte[0]))).hasMessageContaining("is not gzipped");
        assertThatThrownBy(() -> read(file("twice.txt.gz", gzipped(good)))).hasMessageContaining("gzip within gzip");
        byte[] two = Arrays.copyOf(good, 2 * good.length);
        System.arraycopy(good, 0, two, good.length, good.length);
        assertThat(read(file("two.txt.gz", two)).lines())
                .as("concatenated members")
                .hasSize(4000);
    }

    @Test
    void onlyRegularFilesAreOpened() throws Exception {
        assertThatThrownBy(() -> read(folder)).hasMessageContaining("is a folder");
        Path pipe = folder.resolve("pipe.txt");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> read(pipe)).hasMessageContaining("not a regular file");
        Path a = Files.createSymbolicLink(folder.resolve("a"), folder.resolve("b"));
        Files.createSymbolicLink(folder.resolve("b"), a);
        assertThat(PlainText.why(thrown(a))).contains("symbolic links");
        assertThat(PlainText.why(thrown(folder.resolve("none")))).isEqualTo("there is no such file");
    }

    private static IOException thrown(Path file) {
        try {
            read(file);
            throw new AssertionError(file + " was read");
        } catch (IOException e) {
            return e;
        }
    }

    @Test
    void filesTooLargeForMemoryAreReported() throws IOException {
        Path file = file("large.txt", "x\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII));
        int part = (int) (Runtime.getRuntime().maxMemory() / 100_000);
        try (BufferedReader in = PlainText.open(file, part)) {
            assertThatThrownBy(() -> in.lines().count()).hasMessageContaining("too much for Java's");
        }
    }

    /** The JDK's decoder is the reference: input it accepts is read equally, input it rejects is rejected. */
    @Test
    void randomBytesAreDecodedAsByTheJdk() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "aé€😀\n b";
        for (int k = 0; k < 2000; k++) {
            StringBuilder text = new StringBuilder("t");
            for (int n = random.nextInt(30); n > 0; n--) {
                text.appendCodePoint(alphabet.codePoints()
                        .skip(random.nextInt(7))
                        .findFirst()
                        .orElseThrow());
            }
            byte[] bytes = utf8(text.toString());
            if (random.nextBoolean()) {
                bytes[random.nextInt(bytes.length)] = (byte) (1 + random.nextInt(255));
            }
            String expected;
            try {
                expected = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(java.nio.ByteBuffer.wrap(bytes))
                        .toString()
                        .lines()
                        .collect(Collectors.joining("\n"));
            } catch (java.nio.charset.CharacterCodingException e) {
                expected = null;
            }
            Path file = file("x.txt", bytes);
            if (expected != null) {
                assertThat(read(file))
                        .as("seed %d, %s", seed, Arrays.toString(bytes))
                        .isEqualTo(expected);
            } else {
                assertThatThrownBy(() -> read(file))
                        .as("seed %d, %s", seed, Arrays.toString(bytes))
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("byte ");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-2022-JP,日本語の文書です。,ISO-2022-JP",
        "ISO-2022-KR,한국어 문서,ISO-2022-KR",
        "x-ISO-2022-CN-GB,中文文件,ISO-2022-CN"
    })
    void sevenBitEncodingsAreReportedByName(String charset, String text, String told) throws IOException {
        byte[] bytes = text.getBytes(charset.startsWith("x-") ? StandardCharsets.UTF_8 : Charset.forName(charset));
        if (charset.startsWith("x-")) {
            // Not every JDK can encode this charset.
            bytes = "\u001b$)A\u000eVPND\u000f".getBytes(StandardCharsets.US_ASCII);
        }
        Path file = file("x.txt", bytes);
        assertThatThrownBy(() -> read(file))
                .hasMessageContaining("byte 0: is " + told)
                .hasMessageContaining("save it as UTF-8");
        ByteArrayOutputStream late = new ByteArrayOutputStream();
        late.write(utf8("plain text\n".repeat(10_000)));
        late.write(bytes);
        Path lateFile = file("late.txt", late.toByteArray());
        assertThatThrownBy(() -> read(lateFile)).hasMessageContaining("byte 110000: is " + told);
    }

    @Test
    void terminalEscapesAndTildesAreText() throws IOException {
        String log = "\u001b[31mred\u001b[0m \u001b(B\n~{x}~ and ~{a b}~ $B";
        assertThat(read(file("log.txt", utf8(log)))).isEqualTo(log);
        assertThatThrownBy(() -> read(file("hz.txt", utf8("~{VPNDND<~~}\nand ~{VPNDND<~~}\n"))))
                .hasMessageContaining("byte 0: is HZ")
                .hasMessageContaining("save it as UTF-8");
    }

    @Test
    void loneSurrogatesAreReported() throws IOException {
        byte[] cesu = {'a', (byte) 0xed, (byte) 0xa0, (byte) 0xbd, (byte) 0xed, (byte) 0xb8, (byte) 0x80};
        assertThatThrownBy(() -> read(file("x.txt", cesu)))
                .hasMessageContaining("byte 1: 0xED begins a lone surrogate")
                .hasMessageContaining("CESU-8")
                .hasMessageNotContaining("Latin-1");
        byte[] latin = "aqu\u00ed \u00ed\u00bb z".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(file("x.txt", latin))).hasMessageContaining("looks like Latin-1");
    }

    @ParameterizedTest
    @CsvSource({
        "'<!DOCTYPE html><html>',true",
        "'\n<!-- a --> <HTML lang=en>',true",
        "'<!doctype  HTML PUBLIC',true",
        "'<htmlx>',false",
        "'<graphml>',false",
        "'an <html>',false"
    })
    void htmlIsRecognisedByItsBeginning(String text, boolean html) {
        assertThat(PlainText.isHtml(text)).isEqualTo(html);
    }
}
