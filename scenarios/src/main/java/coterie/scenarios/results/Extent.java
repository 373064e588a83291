package coterie.scenarios.results;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How far a result file had been written at some moment.
 *
 * @param bytes its length then
 * @param sha256 of what it held then, hexadecimal
 */
public record Extent(long bytes, String sha256) {
    private static final int CHUNK = 1 << 16;

    /** Of a file that digested so many bytes; the digest can go on. */
    static Extent of(long bytes, MessageDigest digest) {
        try {
            return new Extent(bytes, HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest()));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of this Java cannot be copied", e);
        }
    }

    /** A SHA-256 of nothing yet. */
    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Compares a file with what it was.
     *
     * @return why its first bytes are not these; null where they are, whatever follows
     * @throws IOException where the file is there and cannot be read
     */
    public String misfit(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return file.getFileName() + " is not there";
        }
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = newDigest();
            long there = feed(digest, in);
            if (there < bytes) {
                return file.getFileName() + " has " + there + " bytes, it had " + bytes;
            }
            return of(bytes, digest).equals(this) ? null
                    : file.getFileName() + " has changed in its first " + bytes + " bytes";
        }
    }

    /** Feeds a digest with the first {@link #bytes}, or with all where there are fewer. @return how many there were */
    long feed(MessageDigest digest, InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long left = bytes;
        for (int n = 1; left > 0 && n > 0; left -= n) {
            n = in.readNBytes(chunk, 0, (int) Math.min(left, CHUNK));
            digest.update(chunk, 0, n);
        }
        return bytes - left;
    }
}
