package coterie.scenarios.results;

import coterie.topology.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Length and SHA-256 of a file's content at some moment.
 *
 * @param bytes length
 * @param sha256 64 lower-case hexadecimal digits
 */
public record FileHash(long bytes, String sha256) {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");
    private static final int BUFFER = 1 << 16;

    /**
     * Hashes a file.
     *
     * @throws IOException if it cannot be read
     */
    public static FileHash of(Path file) throws IOException {
        MessageDigest sha = Sha256.digest();
        long bytes = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha.update(buffer, 0, n);
                bytes += n;
            }
        }
        return new FileHash(bytes, Sha256.hex(sha));
    }

    /** The hash of content that is not in a file yet. */
    public static FileHash of(byte[] content) {
        return new FileHash(content.length, Sha256.of(content));
    }

    /**
     * The hash of what a digest has seen; the digest can go on.
     *
     * @param bytes how many bytes the digest has seen
     */
    static FileHash of(long bytes, MessageDigest digest) {
        try {
            return new FileHash(bytes, HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest()));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of this Java cannot be copied", e);
        }
    }

    /** Whether a text has the form of a SHA-256. */
    public static boolean isSha256(String text) {
        return DIGITS.matcher(text).matches();
    }

    /**
     * Compares the beginning of a file with this content.
     *
     * @return why its first {@link #bytes} differ; null if they are equal
     * @throws IOException if the file is there and cannot be read
     */
    public String misfit(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return file.getFileName() + " is not there";
        }
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = Sha256.digest();
            long there = feed(digest, in);
            if (there < bytes) {
                return file.getFileName() + " has " + there + " bytes, it had " + bytes;
            }
            return of(bytes, digest).equals(this)
                    ? null
                    : file.getFileName() + " has changed in its first " + bytes + " bytes";
        }
    }

    /**
     * Feeds a digest with the first {@link #bytes}, or with all if there are fewer.
     *
     * @return how many there were
     */
    long feed(MessageDigest digest, InputStream in) throws IOException {
        byte[] chunk = new byte[BUFFER];
        long left = bytes;
        for (int n = 1; left > 0 && n > 0; left -= n) {
            n = in.readNBytes(chunk, 0, (int) Math.min(left, BUFFER));
            digest.update(chunk, 0, n);
        }
        return bytes - left;
    }
}
