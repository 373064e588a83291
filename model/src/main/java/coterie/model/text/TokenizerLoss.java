package coterie.model.text;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Rejects tokenizers that lose text. A tokenizer without a symbol for some characters silently drops them or maps all
 * of them to one token; a model would then not be trained on the user's text.
 */
final class TokenizerLoss {
    /** Plain English with all letters in both cases, all digits and common punctuation, never after a space. */
    private static final List<String> KEPT = List.of(
            "The quick brown fox jumps over the lazy dog",
            "PACK MY BOX WITH FIVE DOZEN LIQUOR JUGS",
            "in 1984 or 2076, from 35 to 184 of 9000",
            "wait (here), you; what? yes: it was \"6-7/8\"!",
            "that is Anna's.");

    private TokenizerLoss() {}

    /**
     * Encodes and decodes samples. Case and the number of consecutive spaces may change.
     *
     * @throws IOException if a sample is not reproduced, or a character is encoded as the end of text
     */
    static void refuse(Tokenizer t, String origin) throws IOException {
        for (String sample : TokenizerTrial.SAMPLES) {
            rejectEnd(t, sample, origin);
        }
        for (String sample : KEPT) {
            rejectEnd(t, sample, origin);
            String back = t.decode(t.encode(sample));
            if (!letters(back).equals(letters(sample)) || spaces(back) < spaces(sample)) {
                throw new IOException(origin + ": the tokenizer does not keep text: encoded and decoded, \"" + sample
                        + "\" is \"" + (back.length() <= 80 ? back : back.substring(0, 77) + "...") + "\"");
            }
        }
    }

    private static void rejectEnd(Tokenizer t, String sample, String origin) throws IOException {
        if (Arrays.stream(t.encode(sample)).anyMatch(id -> id == t.endOfText())) {
            throw new IOException(origin + ": characters without a token are encoded as " + ByteLevel.END_OF_TEXT
                    + ", which separates documents; the unknown token (unk_token, unk_id) must be another one, or there"
                    + " must be a token for every byte");
        }
    }

    private static String letters(String text) {
        return text.replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
    }

    private static long spaces(String text) {
        return text.chars().filter(c -> c == ' ').count();
    }
}
