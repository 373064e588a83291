package coterie.topology.files;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Opens text files in UTF-8, optionally gzipped (detected by content). A byte order mark is removed; malformed input is
 * rejected with its byte offset. Only regular files are opened, since reading a pipe could block indefinitely.
 */
public final class PlainText {
    private static final int BUFFER = 1 << 16;
    private static final int GZIP = 0x1f8b;
    private static final int MEBI = 1 << 20;

    private static final Pattern HTML = Pattern.compile(
            "\\ufeff?\\s*(<!--.*?-->\\s*)*<(!doctype\\s+html|html)\\b", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private PlainText() {}

    /**
     * Opens a file as text. Reading throws an IOException if the file is not text, see {@link Utf8Reader}.
     *
     * @throws IOException if the file does not exist or its beginning is not text; {@link #why} describes the reason
     */
    public static BufferedReader open(Path file) throws IOException {
        return read(bytes(file));
    }

    /**
     * Same as {@link #open(Path)}, with a size limit for files that are held in memory.
     *
     * @param part divisor of the heap size that bounds the uncompressed bytes: 16 for one sixteenth
     */
    public static BufferedReader open(Path file, int part) throws IOException {
        return read(bytes(file, part));
    }

    /**
     * Opens a file as bytes, decompressed if it is gzipped.
     *
     * @throws IOException as {@link #open(Path)}
     */
    public static InputStream bytes(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("is a folder, expected a file");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("is not a regular file (a pipe or a device?)");
        }
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            in.mark(2);
            boolean zipped = (in.read() << 8 | in.read()) == GZIP;
            in.reset();
            if (!zipped
                    && String.valueOf(file.getFileName())
                            .toLowerCase(java.util.Locale.ROOT)
                            .endsWith(".gz")) {
                throw new IOException("its name ends in .gz, but it is not gzipped");
            }
            return zipped ? new Unzipped(in) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Same as {@link #bytes(Path)}, with a size limit; see {@link #open(Path, int)}. */
    public static InputStream bytes(Path file, int part) throws IOException {
        long memory = Runtime.getRuntime().maxMemory();
        long most = memory / part;
        return new FilterInputStream(bytes(file)) {
            private long count;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = super.read(b, off, len);
                count += Math.max(0, n);
                if (count > most) {
                    throw new IOException("holds more than " + most / MEBI + " MB, too much for Java's " + memory / MEBI
                            + " MB of memory (COTERIE_JAVA_OPTS=-Xmx... gives it more)");
                }
                return n;
            }
        };
    }

    /**
     * Decodes bytes in UTF-8.
     *
     * @throws IOException if they do not begin with text
     */
    public static BufferedReader read(InputStream in) throws IOException {
        Utf8Reader text = new Utf8Reader(in);
        try {
            text.begin();
            return new BufferedReader(text, BUFFER);
        } catch (IOException e) {
            text.close();
            throw e;
        }
    }

    /** Whether text begins like an HTML page, which servers send in place of a missing file. */
    public static boolean isHtml(String beginning) {
        return HTML.matcher(beginning).lookingAt();
    }

    /** Describes why a file cannot be read. */
    public static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "may not be read: permission denied";
        }
        if (e instanceof FileSystemLoopException
                || e instanceof FileSystemException f
                        && String.valueOf(f.getReason()).contains("symbolic links")) {
            return "its symbolic links form a cycle";
        }
        if (e instanceof FileSystemException f) {
            return "cannot be read: " + FileProblems.reason(f);
        }
        if (e instanceof CharacterCodingException) {
            return "is not UTF-8";
        }
        return e.getMessage() == null ? "cannot be read: " + e.getClass().getSimpleName() : e.getMessage();
    }

    /** Decompresses gzip and describes damage. Trailing bytes are rejected: they may be a damaged second member. */
    private static final class Unzipped extends FilterInputStream {
        private long count;

        Unzipped(InputStream in) throws IOException {
            super(null);
            try {
                this.in = new BufferedInputStream(
                        GzipCompressorInputStream.builder()
                                .setInputStream(in)
                                .setDecompressConcatenated(true)
                                .get(),
                        BUFFER);
            } catch (IOException e) {
                throw described(e);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            try {
                int n = super.read(b, off, len);
                count += Math.max(0, n);
                return n;
            } catch (IOException e) {
                throw described(e);
            }
        }

        private IOException described(IOException e) {
            String where = " after uncompressed byte " + count;
            return e instanceof EOFException
                    ? new IOException("is gzipped and truncated" + where, e)
                    : new IOException("is gzipped and damaged" + where + ": " + e.getMessage(), e);
        }
    }
}
