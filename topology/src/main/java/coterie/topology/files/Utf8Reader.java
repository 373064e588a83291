package coterie.topology.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decodes UTF-8 strictly. A malformed byte, NUL or an escape to another character set throws an IOException with its
 * byte offset and a guess at the format of the file. Use through a buffer: a read of a single char has no room for a
 * surrogate pair.
 */
final class Utf8Reader extends Reader {
    private static final int HEAD = 4096;
    private static final int BUFFER = 1 << 16;
    private static final byte ESCAPE = 0x1b;
    private static final int SURROGATES = 0xed;
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private final InputStream in;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
    /** File offset of the first byte in the buffer. */
    private long base;

    private boolean end;
    private byte[] head = new byte[0];

    Utf8Reader(InputStream in) {
        this.in = in;
    }

    /**
     * Reads and checks the beginning.
     *
     * @throws IOException if it is not text
     */
    void begin() throws IOException {
        head = in.readNBytes(HEAD);
        String no = Looks.notText(head);
        if (no != null) {
            throw new IOException("byte 0: " + no);
        }
        bytes.clear().put(head).flip();
        refuse(0);
        if (head.length >= MARK.length && Arrays.equals(head, 0, MARK.length, MARK, 0, MARK.length)) {
            bytes.position(MARK.length);
        }
    }

    @Override
    public int read(char[] to, int offset, int length) throws IOException {
        CharBuffer out = CharBuffer.wrap(to, offset, length);
        while (true) {
            CoderResult result = decoder.decode(bytes, out, end);
            int n = out.position() - offset;
            if (n > 0 || length == 0) {
                // An error after these characters is reported by the next read.
                return n;
            }
            if (result.isError()) {
                throw notUtf8(result.length());
            }
            if (end) {
                return -1;
            }
            fill();
        }
    }

    private void fill() throws IOException {
        base += bytes.position();
        bytes.compact();
        int from = bytes.position();
        int n = in.read(bytes.array(), from, bytes.remaining());
        end = n < 0;
        bytes.position(from + Math.max(0, n)).flip();
        refuse(from);
    }

    private void refuse(int from) throws IOException {
        for (int k = from; k < bytes.limit(); k++) {
            if (bytes.get(k) == 0) {
                throw new IOException(
                        "byte " + (base + k) + ": is NUL, which does not occur in text" + Looks.like(head));
            }
            String other = bytes.get(k) == ESCAPE ? Looks.shifted(bytes.array(), k, bytes.limit()) : null;
            if (other != null) {
                throw new IOException("byte " + (base + k) + ": " + other);
            }
        }
    }

    private IOException notUtf8(int wrong) {
        long at = base + bytes.position();
        int first = bytes.get(bytes.position()) & 0xff;
        if (end && bytes.remaining() <= 3 && first >= 0xc2 && wrong == bytes.remaining()) {
            return new IOException("byte " + at + ": the text ends within a character (a truncated file?)");
        }
        if (first == SURROGATES && follows(1, 0xa0) && follows(2, 0x80)) {
            return new IOException(String.format(
                    "byte %d: 0x%02X begins a lone surrogate, which UTF-8 does"
                            + " not allow (CESU-8, as some databases and Java write it?): save it as UTF-8",
                    at, first));
        }
        String like = Looks.like(head);
        if (like.isEmpty() && first >= 0xa0) {
            like = "; it looks like Latin-1 or Windows-1252: save it as UTF-8";
        }
        return new IOException(String.format("byte %d: 0x%02X is not UTF-8%s", at, first, like));
    }

    private boolean follows(int behind, int least) {
        int b = bytes.remaining() > behind ? bytes.get(bytes.position() + behind) & 0xff : 0;
        return b >= least && b < 0xc0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
