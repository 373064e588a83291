package coterie.topology.graph;

import coterie.topology.files.PlainText;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes an XML file in the encoding given by its first bytes or its declaration (XML 1.0, appendix F). The JDK's XML
 * reader could detect the encoding as well, but does not report which byte is malformed.
 */
final class XmlEncoding {
    private static final int HEAD = 256;
    private static final Pattern DECLARED = Pattern.compile("^<\\?xml\\s[^>]*?encoding\\s*=\\s*[\"']([^\"']*)[\"']");

    private XmlEncoding() {}

    /** @throws IOException if the encoding is unknown or the file is not in it */
    static Reader reader(InputStream bytes) throws IOException {
        BufferedInputStream in = new BufferedInputStream(bytes);
        in.mark(HEAD);
        byte[] head = in.readNBytes(HEAD);
        in.reset();
        Charset charset = of(head);
        if (charset.equals(StandardCharsets.UTF_8)) {
            return PlainText.read(in);
        }
        return new InputStreamReader(
                in,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)) {
            @Override
            public int read(char[] to, int offset, int length) throws IOException {
                try {
                    return super.read(to, offset, length);
                } catch (java.nio.charset.CharacterCodingException e) {
                    throw new IOException("is not in " + charset.name() + ", the encoding that it declares", e);
                }
            }
        };
    }

    private static Charset of(byte[] head) throws IOException {
        if (begins(head, 0xfe, 0xff) || begins(head, 0xff, 0xfe)) {
            return StandardCharsets.UTF_16;
        }
        if (begins(head, 0, '<', 0, '?')) {
            return StandardCharsets.UTF_16BE;
        }
        if (begins(head, '<', 0, '?', 0)) {
            return StandardCharsets.UTF_16LE;
        }
        Matcher m = DECLARED.matcher(new String(head, StandardCharsets.ISO_8859_1));
        if (!m.find()) {
            return StandardCharsets.UTF_8;
        }
        String name = m.group(1);
        try {
            Charset declared = Charset.forName(name);
            // The declaration was read as one byte per letter, so the encoding must agree with ASCII there.
            if (Arrays.equals("<?xml".getBytes(declared), "<?xml".getBytes(StandardCharsets.US_ASCII))) {
                return declared;
            }
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw new IOException("declares the encoding " + GraphFile.shown(name) + ", which is not known", e);
        }
        throw new IOException("declares the encoding " + GraphFile.shown(name) + ", but is not in it");
    }

    private static boolean begins(byte[] head, int... with) {
        for (int k = 0; k < with.length; k++) {
            if (head.length <= k || (head[k] & 0xff) != with[k]) {
                return false;
            }
        }
        return true;
    }
}
