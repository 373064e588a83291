package coterie.topology.files;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Guesses the format of a file that is not UTF-8 text from its first bytes. */
final class Looks {
    private static final String SAVE = ": save it as UTF-8";
    private static final int ENOUGH = 32;
    /** Even text without Latin letters has a zero byte in UTF-16 for every space and line end. */
    private static final int SPARSE = 40;

    private static final int RARELY = 8;

    /** The magic number of a format. {@code surely}: no text begins with it. */
    private record Beginning(byte[] bytes, String kind, boolean surely) {
        Beginning(String latin1, String kind) {
            this(latin1.getBytes(StandardCharsets.ISO_8859_1), kind, true);
        }

        boolean of(byte[] head) {
            int n = bytes.length;
            return head.length >= n && java.util.Arrays.equals(head, 0, n, bytes, 0, n);
        }
    }

    private static final List<Beginning> KINDS = List.of(
            new Beginning("\u0089PNG\r\n", "a PNG image"),
            new Beginning("\u00ff\u00d8\u00ff", "a JPEG image"),
            new Beginning("GIF87a", "a GIF image"),
            new Beginning("GIF89a", "a GIF image"),
            new Beginning("PK\u0003\u0004", "a zip archive (or a document kept as one, like docx)"),
            new Beginning("PK\u0005\u0006", "an empty zip archive"),
            new Beginning("%PDF-", "a PDF document"),
            new Beginning("%!PS-", "a PostScript document"),
            new Beginning("{\\rtf", "an RTF document"),
            new Beginning("\u001f\u008b", "gzip within gzip"),
            new Beginning("\u00fd7zXZ\u0000", "xz-compressed data"),
            new Beginning("BZh9", "bzip2-compressed data"),
            new Beginning("(\u00b5/\u00fd", "Zstandard-compressed data"),
            new Beginning("\u0004\"M\u0018", "LZ4-compressed data"),
            new Beginning("7z\u00bc\u00af", "a 7z archive"),
            new Beginning("Rar!\u001a", "a RAR archive"),
            new Beginning("\u007fELF", "a program"),
            new Beginning("\u00ca\u00fe\u00ba\u00be", "a Java class"),
            new Beginning("\u00d0\u00cf\u0011\u00e0", "an old Office document"),
            new Beginning("SQLite format 3\u0000", "an SQLite database"),
            new Beginning("\u0089HDF", "an HDF5 file"),
            new Beginning("\u0093NUMPY", "a NumPy array"),
            new Beginning("PAR1", "a Parquet table"),
            new Beginning("ARROW1", "an Arrow table"),
            new Beginning(
                    "version https://git-lfs.github.com/spec/",
                    "a Git LFS pointer and not the file itself (git lfs pull fetches that)"),
            new Beginning("RIFF".getBytes(StandardCharsets.ISO_8859_1), "a RIFF file (WAV, WebP, AVI)", false),
            new Beginning("\u0080\u0002".getBytes(StandardCharsets.ISO_8859_1), "a Python pickle", false),
            new Beginning("BM".getBytes(StandardCharsets.ISO_8859_1), "a BMP image", false),
            new Beginning("MZ".getBytes(StandardCharsets.ISO_8859_1), "a program", false),
            new Beginning("ID3".getBytes(StandardCharsets.ISO_8859_1), "an MP3 file", false));

    /** The escape sequences with which seven-bit encodings switch character sets (RFC 1468, 1557, 1922). */
    private static final Map<String, String> SHIFTS = Map.of(
            "$@",
            "ISO-2022-JP",
            "$B",
            "ISO-2022-JP",
            "(J",
            "ISO-2022-JP",
            "$)C",
            "ISO-2022-KR",
            "$)A",
            "ISO-2022-CN",
            "$)G",
            "ISO-2022-CN");

    private static final Pattern HZ = Pattern.compile("~\\{([!-w][!-~]){2,}~\\}");
    private static final Pattern HZ_OPEN = Pattern.compile("~\\{");

    private Looks() {}

    /** Describes a format that is certainly not UTF-8 text; null if the file may be text. */
    static String notText(byte[] head) {
        String utf = marked(head);
        if (utf != null) {
            return "is " + utf + " by its byte order mark" + SAVE;
        }
        for (Beginning b : KINDS) {
            if (b.surely && b.of(head)) {
                return "is " + b.kind + ", not text";
            }
        }
        if (hz(head)) {
            return "is HZ (Chinese in seven bits)" + SAVE;
        }
        int controls = 0;
        for (byte b : head) {
            controls += b > 0 && b < ' ' && !(b >= '\b' && b <= '\r') && b != 0x1b ? 1 : 0;
        }
        return head.length >= ENOUGH && zeros(head)[4] == 0 && controls > head.length / 10
                ? "is binary data, not text (" + controls + " control characters in its first " + head.length
                        + " bytes)"
                : null;
    }

    /** The seven-bit encoding that the escape sequence at this offset belongs to; null if none. */
    static String shifted(byte[] bytes, int escape, int limit) {
        String behind = new String(bytes, escape + 1, Math.min(3, limit - escape - 1), StandardCharsets.ISO_8859_1);
        for (Map.Entry<String, String> shift : SHIFTS.entrySet()) {
            if (behind.startsWith(shift.getKey())) {
                return "is " + shift.getValue() + " (an escape to its alphabet)" + SAVE;
            }
        }
        return null;
    }

    /** Whether text is in HZ (RFC 1843): several sequences of pairs open and close properly, and none is malformed. */
    private static boolean hz(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        long pairs = HZ.matcher(text).results().count();
        long opened = HZ_OPEN.matcher(text).results().count();
        // The last sequence may be truncated at the end of the head.
        return pairs >= 2 && opened - pairs <= 1;
    }

    /** Guesses the format of a file that contains a byte that is not text; "" if unknown. */
    static String like(byte[] head) {
        for (Beginning b : KINDS) {
            if (b.of(head)) {
                return "; it looks like " + b.kind;
            }
        }
        if (head.length > 262 && new String(head, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
            return "; it looks like a tar archive";
        }
        int[] z = zeros(head);
        if (z[4] < 2 || z[4] < head.length / SPARSE) {
            return z[4] == 0 ? "" : "; it looks like binary data";
        }
        for (int k = 0; k < 4; k++) {
            // In UTF-32 three of every four bytes are zero.
            if (z[k] == 0 && z[4] > head.length / 2 && (k == 0 || k == 3)) {
                return "; it looks like UTF-32" + (k == 0 ? "LE" : "BE") + SAVE;
            }
        }
        // A few characters, such as U+0100, have their zero byte at the other position.
        boolean odd = z[1] + z[3] > RARELY * (z[0] + z[2]);
        boolean even = z[0] + z[2] > RARELY * (z[1] + z[3]);
        return odd || even ? "; it looks like UTF-16" + (odd ? "LE" : "BE") + SAVE : "; it looks like binary data";
    }

    /** Counts zero bytes: by offset modulo 4 [0..3] and in total [4]. */
    private static int[] zeros(byte[] head) {
        int[] z = new int[5];
        for (int k = 0; k < head.length; k++) {
            if (head[k] == 0) {
                z[k % 4]++;
                z[4]++;
            }
        }
        return z;
    }

    private static String marked(byte[] h) {
        int first = h.length < 2 ? 0 : (h[0] & 0xff) << 8 | h[1] & 0xff;
        boolean zeros = h.length >= 4 && h[2] == 0 && h[3] == 0;
        if (first == 0xfffe) {
            return zeros ? "UTF-32LE" : "UTF-16LE";
        }
        if (first == 0xfeff) {
            return "UTF-16BE";
        }
        return h.length >= 4 && first == 0 && (h[2] & 0xff) == 0xfe && (h[3] & 0xff) == 0xff ? "UTF-32BE" : null;
    }
}
