package coterie.scenarios.config;

import coterie.topology.files.PlainText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads files written by users: scenarios, studies, plans. */
public final class InputFile {
    private static final int MOST_BYTES = 64 << 20;

    private InputFile() {}

    /**
     * Reads the text of a file once, since it may be a pipe.
     *
     * @throws InputException if the file cannot be read, is too long, or is not UTF-8
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

    /** Returns a path relative to the working directory, or else to the folder of the file that names it. */
    public static Path located(Path path, Path file) {
        Path beside = file.toAbsolutePath().getParent().resolve(path);
        return !Files.exists(path) && Files.exists(beside) ? beside.normalize() : path;
    }

    /**
     * Parses a path from an input file.
     *
     * @param place location, for messages
     * @throws InputException if the path is invalid
     */
    public static Path path(String name, String place) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            boolean unicode = name.codePoints().anyMatch(c -> c > 127);
            throw new InputException(place + ": no file can be named \"" + LocatedTree.shown(name) + "\": "
                    + e.getReason()
                    + (unicode ? "; if the name is right, the locale is not: set LC_ALL=C.UTF-8" : ""));
        }
    }
}
