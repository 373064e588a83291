package coterie.topology.trace;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Plain comma-separated files, gzipped or not, without quoted fields. Everything wrong is told with file and line. */
final class Csv {
    private static final int GZIP = 0x1f8b;

    /** What is done with each row. */
    interface Row {
        void read(String[] fields, int line);
    }

    private final String path;

    Csv(String path) {
        this.path = path;
    }

    /** Reads the columns of these names, in this order, from a file with a header. */
    void read(List<String> columns, Row row) {
        try (BufferedReader in = open()) {
            String header = in.readLine();
            List<String> names = header == null ? List.of() : Arrays.asList(header.strip().split(",", -1));
            int[] at = columns.stream().mapToInt(names::indexOf).toArray();
            for (int k = 0; k < at.length; k++) {
                if (at[k] < 0) {
                    throw wrong(1, "needs a column " + columns.get(k) + ", found " + names);
                }
            }
            int line = 1;
            for (String l = in.readLine(); l != null; l = in.readLine()) {
                line++;
                if (!l.isBlank()) {
                    String[] all = l.strip().split(",", -1);
                    if (all.length < names.size()) {
                        throw wrong(line, "has " + all.length + " fields, the header " + names.size());
                    }
                    row.read(Arrays.stream(at).mapToObj(k -> all[k]).toArray(String[]::new), line);
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Reads all fields of every line of a file without a header. */
    void read(Row row) {
        try (BufferedReader in = open()) {
            int line = 0;
            for (String l = in.readLine(); l != null; l = in.readLine()) {
                line++;
                if (!l.isBlank()) {
                    row.read(l.strip().split("\\s*,\\s*", -1), line);
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** A field as a number that is not negative. */
    double number(String field, int line) {
        try {
            double x = Double.parseDouble(field);
            if (x >= 0 && !Double.isInfinite(x)) {
                return x;
            }
        } catch (NumberFormatException e) {
            // Told below, like any other field that is none.
        }
        throw wrong(line, "needs a number that is not negative, found \"" + field + "\"");
    }

    IllegalArgumentException wrong(int line, String what) {
        return new IllegalArgumentException(path + ":" + line + ": " + what);
    }

    IllegalArgumentException empty() {
        return new IllegalArgumentException(path + ": there is nothing in it");
    }

    private IllegalArgumentException unreadable(IOException e) {
        return new IllegalArgumentException(path + (e instanceof NoSuchFileException ? ": there is no such file" : ": cannot be read: " + e.getMessage()), e);
    }

    private BufferedReader open() throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(Path.of(path)));
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        InputStream plain = magic == GZIP ? new GZIPInputStream(in) : in;
        return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
    }
}
