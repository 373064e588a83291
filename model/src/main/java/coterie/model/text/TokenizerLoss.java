package coterie.model.text;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Whether a tokenizer keeps text. One without a symbol for some character drops it without a word, or makes all of them
 * one token; a model trained on what is left has learned something else than the user's text.
 */
final class TokenizerLoss {
    /** Plain English with all letters in both cases, all digits, and common punctuation, never after a blank. */
    private static final List<String> KEPT = List.of(
            "The quick brown fox jumps over the lazy dog",
            "PACK MY BOX WITH FIVE DOZEN LIQUOR JUGS",
            "in 1984 or 2076, from 35 to 184 of 9000",
            "wait (here), you; what? yes: it was \"6-7/8\"!",
            "that is Anna's.");

    private TokenizerLoss() {}

    /**
     * Encodes and decodes samples. Case, and how many blanks stand where some stood, may change.
     *
     * @throws IOException where a sample does not come back, or a character is encoded as the end of a text
     */
    static void refuse(Tokenizer t, String origin) throws IOException {
        for (String sample : TokenizerTrial.SAMPLES) {
            refuseEnd(t, sample, origin);
        }
        for (String sample : KEPT) {
            refuseEnd(t, sample, origin);
            String back = t.decode(t.encode(sample));
            if (!letters(back).equals(letters(sample)) || blanks(back) < blanks(sample)) {
                throw new IOException(origin + ": the tokenizer does not keep text: encoded and decoded, \"" + sample
                        + "\" is \"" + (back.length() <= 80 ? back : back.substring(0, 77) + "...") + "\"");
            }
        }
    }

    private static void refuseEnd(Tokenizer t, String sample, String origin) throws IOException {
        if (Arrays.stream(t.encode(sample)).anyMatch(id -> id == t.endOfText())) {
            throw new IOException(origin + ": characters without a token are encoded as " + ByteLevel.END_OF_TEXT
                    + ", which parts documents; the unknown token (unk_token, unk_id) must be another one, or there"
                    + " must be a token for every byte");
        }
    }

    private static String letters(String text) {
        return text.replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
    }

    private static long blanks(String text) {
        return text.chars().filter(c -> c == ' ').count();
    }
}
