package coterie.scenarios.config;

import coterie.topology.files.PlainText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Files that people write: scenarios, studies, plans. */
public final class InputFile {
    private static final int MOST_BYTES = 64 << 20;

    private InputFile() {}

    /**
     * The text of a file, read once: it may be a pipe.
     *
     * @throws InputException where it cannot be read, is too long, or is no UTF-8
     */
    public static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new InputException(file + ": longer than " + (MOST_BYTES >> 20) + " MiB");
            }
            StringWriter text = new StringWriter();
            PlainText.read(new ByteArrayInputStream(bytes)).transferTo(text);
            return text.toString();
        } catch (IOException e) {
            throw new InputException(file + ": " + PlainText.why(e));
        }
    }

    /**
     * A path that somebody wrote.
     *
     * @param place where, for messages
     * @throws InputException where no file can be named so
     */
    public static Path path(String name, String place) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            boolean unicode = name.codePoints().anyMatch(c -> c > 127);
            throw new InputException(place + ": no file can be named \"" + LocatedTree.shown(name) + "\": "
                    + e.getReason()
                    + (unicode ? "; where the name is right, the locale is not: set LC_ALL=C.UTF-8" : ""));
        }
    }
}
