package coterie.model.text;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * GPT-2's byte-level alphabet: every byte is represented by one printable character, so that any text is a sequence of
 * known symbols.
 */
final class ByteLevel {
    /** GPT-2's pattern that splits text into words before merging. */
    static final Pattern WORDS = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    static final String END_OF_TEXT = "<|endoftext|>";
    private static final char[] SYMBOL = symbols();

    private ByteLevel() {}

    private static char[] symbols() {
        char[] s = new char[256];
        int unprintable = 0;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            s[b] = (char) (printable ? b : 256 + unprintable++);
        }
        return s;
    }

    /** Returns the character that represents a byte. */
    static char symbol(int b) {
        return SYMBOL[b & 0xff];
    }

    /** Returns the UTF-8 bytes of a text, each as its character. */
    static String symbols(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            out.append(symbol(b));
        }
        return out.toString();
    }
}
