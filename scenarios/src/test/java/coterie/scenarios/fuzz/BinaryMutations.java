package coterie.scenarios.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Changes to a file's bytes: what disks, downloads and other systems' editors do. */
final class BinaryMutations {
    private static final int LONGEST_SPLICE = 64;
    private static final byte[] LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 12345\n"
            .formatted(0)
            .getBytes(StandardCharsets.UTF_8);
    private static final byte[] HTML =
            "<!DOCTYPE html><html><body>404 Not Found</body></html>".getBytes(StandardCharsets.UTF_8);
    private final Random random;

    BinaryMutations(Random random) {
        this.random = random;
    }

    /** Mutated bytes. */
    record Mutated(byte[] bytes, String what) {}

    /** Changes some bytes, the length or the encoding of the whole. */
    Mutated mutate(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> {
                byte[] flipped = bytes.clone();
                int n = 1 + random.nextInt(4);
                for (int i = 0; i < n && bytes.length > 0; i++) {
                    flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                return new Mutated(flipped, "bits flipped");
            }
            case 3, 4 -> {
                return new Mutated(Arrays.copyOf(bytes, at), "cut off");
            }
            case 5 -> {
                byte[] more = new byte[1 + random.nextInt(LONGEST_SPLICE)];
                random.nextBytes(more);
                return new Mutated(
                        joined(Arrays.copyOf(bytes, at), more, Arrays.copyOfRange(bytes, at, bytes.length)),
                        "bytes inserted");
            }
            case 6 -> {
                int from = random.nextInt(bytes.length + 1);
                int to = Math.min(bytes.length, from + random.nextInt(LONGEST_SPLICE));
                return new Mutated(
                        joined(
                                Arrays.copyOf(bytes, at),
                                Arrays.copyOfRange(bytes, from, to),
                                Arrays.copyOfRange(bytes, at, bytes.length)),
                        "a piece twice");
            }
            case 7 -> {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(LONGEST_SPLICE));
                return new Mutated(
                        joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, to, bytes.length)), "a piece away");
            }
            case 8 -> {
                return new Mutated(
                        joined(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, bytes), "a byte order mark");
            }
            case 9 -> {
                return new Mutated(
                        text(bytes)
                                .getBytes(random.nextBoolean() ? StandardCharsets.UTF_16 : StandardCharsets.UTF_16LE),
                        "in UTF-16");
            }
            case 10 -> {
                return new Mutated(
                        (text(bytes) + "# \u00e4\u00f6\u00fc").getBytes(StandardCharsets.ISO_8859_1), "in Latin-1");
            }
            case 11 -> {
                return new Mutated(
                        text(bytes)
                                .replace("\n", random.nextBoolean() ? "\r\n" : "\r")
                                .getBytes(StandardCharsets.UTF_8),
                        "other line ends");
            }
            case 12 -> {
                return new Mutated(
                        joined(
                                Arrays.copyOf(bytes, at),
                                new byte[1 + random.nextInt(3)],
                                Arrays.copyOfRange(bytes, at, bytes.length)),
                        "NULs");
            }
            case 13 -> {
                byte[] zipped = zipped(bytes);
                return new Mutated(
                        random.nextBoolean() ? zipped : Arrays.copyOf(zipped, random.nextInt(zipped.length)),
                        "gzipped");
            }
            case 14 -> {
                return new Mutated(random.nextBoolean() ? LFS : HTML, "something else of that name");
            }
            default -> {
                byte[] overwritten = bytes.clone();
                int to = Math.min(bytes.length, at + 1 + random.nextInt(8));
                Arrays.fill(overwritten, Math.min(at, to), to, (byte) (random.nextBoolean() ? 0xFF : 0));
                return new Mutated(overwritten, "overwritten");
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] p : parts) {
            out.writeBytes(p);
        }
        return out.toByteArray();
    }

    static byte[] zipped(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
