package coterie.model.text;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Limits the length of lines, which a reader of lines would otherwise buffer without bound. */
final class ShortLines extends FilterReader {
    private final long longest;
    private long length;

    ShortLines(Reader in, long longest) {
        super(in);
        this.longest = longest;
    }

    @Override
    public int read(char[] to, int offset, int n) throws IOException {
        int got = super.read(to, offset, n);
        for (int k = offset; k < offset + got; k++) {
            length = to[k] == '\n' || to[k] == '\r' ? 0 : length + 1;
        }
        if (length > longest) {
            throw tooLong(longest);
        }
        return got;
    }

    /** Returns the refusal of a document or line with more characters. */
    static IOException tooLong(long longest) {
        return new IOException(
                "a document or a line has more than " + longest + " characters, too many for Java's memory: split it");
    }
}
