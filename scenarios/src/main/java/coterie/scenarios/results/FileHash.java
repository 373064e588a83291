package coterie.scenarios.results;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The length of a file and the SHA-256 of its content.
 *
 * @param bytes length
 * @param sha256 64 lower-case hexadecimal digits
 */
public record FileHash(long bytes, String sha256) {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");
    private static final int BUFFER = 1 << 16;

    /** Reads a file once. @throws IOException where it cannot be read */
    public static FileHash of(Path file) throws IOException {
        MessageDigest sha = digest();
        long bytes = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha.update(buffer, 0, n);
                bytes += n;
            }
        }
        return new FileHash(bytes, HexFormat.of().formatHex(sha.digest()));
    }

    /** That of a content that is not in a file yet. */
    public static FileHash of(byte[] content) {
        return new FileHash(content.length, HexFormat.of().formatHex(digest().digest(content)));
    }

    /** Whether a text can be a SHA-256 as it is written here. */
    static boolean isSha256(String text) {
        return DIGITS.matcher(text).matches();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
