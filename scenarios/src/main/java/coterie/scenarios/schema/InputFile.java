package coterie.scenarios.schema;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Files that people write: scenarios, studies, plans. */
public final class InputFile {
    private static final int MOST_BYTES = 64 << 20;

    private InputFile() {
    }

    /**
     * The text of a file, read once: it may be a pipe.
     *
     * @throws InputException where it cannot be read, is too long, or is no UTF-8
     */
    public static String text(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (FileSystemException e) {
            throw new InputException(file + ": " + FileProblems.reason(e));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage());
        }
        if (bytes.length > MOST_BYTES) {
            throw new InputException(file + ": longer than " + (MOST_BYTES >> 20) + " MiB");
        }
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(from, to, true);
        if (result.isError()) {
            throw new InputException(file + ": no text in UTF-8: byte " + from.position());
        }
        String text = to.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** A path that somebody wrote. @param place where, for messages @throws InputException where no file can be named so */
    public static Path path(String name, String place) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            boolean unicode = name.codePoints().anyMatch(c -> c > 127);
            throw new InputException(place + ": no file can be named \"" + LocatedTree.shown(name) + "\": " + e.getReason()
                    + (unicode ? "; where the name is right, the locale is not: set LC_ALL=C.UTF-8" : ""));
        }
    }
}
