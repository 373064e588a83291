package coterie.actors.clock;

import coterie.topology.files.FileProblems;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;

/** A run that could not go on; the message names the user and what happened to it. */
public class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failure of a user, or of what records, in one line. */
    static RunFailedException of(String part, Throwable reason) {
        return new RunFailedException(part + " failed: " + inWords(reason), reason);
    }

    /** What has happened, in one line and without wrapping exceptions; never empty. */
    public static String inWords(Throwable reason) {
        Throwable t = reason;
        while ((t instanceof CompletionException || t instanceof UncheckedIOException) && t.getCause() != null) {
            t = t.getCause();
        }
        if (t instanceof FileSystemException f) {
            return FileProblems.tell(f);
        }
        if (t instanceof OutOfMemoryError) {
            return "out of memory (" + t.getMessage() + ")";
        }
        String name = t.getClass().getSimpleName();
        if (t.getMessage() == null || t.getMessage().isBlank()) {
            return name;
        }
        String what = t instanceof Error ? name + ": " + t.getMessage() : t.getMessage();
        return what.lines().findFirst().orElse(name);
    }

    /** @param cause may be null */
    public RunFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
