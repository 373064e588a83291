package coterie.model.text;

import coterie.topology.files.PlainText;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Splits files into documents. {@code *.lines.txt} has one document per line; in other files lines with
 * {@code <|endoftext|>} separate documents. Surrounding white space and leading byte order marks are removed. The text
 * held in memory is limited.
 */
final class DocumentReader {
    private static final char MARK = '\ufeff';
    private static final char REPLACEMENT = '\ufffd';
    private static final char ESCAPE = '\u001b';
    /** The line separator of some systems. */
    private static final char NEXT_LINE = '\u0085';

    private static final int MEBI = 1 << 20;
    private final long memory = Runtime.getRuntime().maxMemory();
    /** Half of the heap is left for tokens, base and adapters. */
    private final long mostBytes = memory / 2;

    private final long longest = Math.min(Integer.MAX_VALUE / 4, memory / 16);
    private final List<String> notes = new ArrayList<>();
    /** By file, so that a file that is read twice is counted once. */
    private final Map<Path, Long> controls = new LinkedHashMap<>();

    private final Map<Path, Long> controlsOfLatin = new LinkedHashMap<>();
    private long bytes;

    /** Returns notes on the text read, one per line. */
    List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        if (!controls.isEmpty()) {
            all.add(counted(controls) + " control characters below U+0020, which are unusual in text");
        }
        if (!controlsOfLatin.isEmpty()) {
            all.add(counted(controlsOfLatin) + " control characters U+0080 to U+009F: was Windows-1252, which"
                    + " has quotation marks and dashes there, decoded as Latin-1?");
        }
        return all;
    }

    private static String counted(Map<Path, Long> byFile) {
        long all = byFile.values().stream().mapToLong(n -> n).sum();
        return byFile.keySet().iterator().next()
                + (byFile.size() == 1 ? ": holds " : " and " + count(byFile.size() - 1, "other file") + ": hold ")
                + all;
    }

    /**
     * Reads a file.
     *
     * @param document receives each document and returns whether it is kept, so that it counts as held in memory
     * @throws DataException if the file is not UTF-8 text, or more is kept than fits into memory
     */
    void read(Path file, Predicate<String> document) {
        try (BufferedReader in = new BufferedReader(new ShortLines(PlainText.open(file), longest))) {
            new OneFile(file, document).read(in);
        } catch (IOException e) {
            throw new DataException(file + ": " + PlainText.why(e), e);
        }
    }

    /** The state of reading one file. */
    private final class OneFile {
        private final Path path;
        private final Predicate<String> document;
        private long within;
        private long firstWithin;
        private long replaced;
        private long control;
        private long controlOfLatin;

        OneFile(Path path, Predicate<String> document) {
            this.path = path;
            this.document = document;
        }

        void read(BufferedReader in) throws IOException {
            boolean lines = TextNames.unzipped(path.getFileName().toString()).endsWith(".lines.txt");
            StringBuilder text = new StringBuilder();
            long number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                boolean end = line.contains(ByteLevel.END_OF_TEXT);
                boolean ends = end && stripped(line).equals(ByteLevel.END_OF_TEXT);
                if (end && !ends) {
                    firstWithin = within++ == 0 ? number : firstWithin;
                }
                if (ends || lines) {
                    add(ends ? text.toString() : line);
                    text.setLength(0);
                } else {
                    text.append(line).append('\n');
                    if (text.length() > longest) {
                        throw tooLong(longest);
                    }
                }
            }
            add(text.toString());
            addNotes();
        }

        private void add(String text) {
            String stripped = stripped(text);
            if (stripped.isEmpty()) {
                return;
            }
            boolean latin = true;
            for (int k = 0; k < stripped.length(); k++) {
                char c = stripped.charAt(k);
                latin &= c < 256;
                replaced += c == REPLACEMENT ? 1 : 0;
                control += c < ' ' && !(c >= '\b' && c <= '\r') && c != ESCAPE ? 1 : 0;
                controlOfLatin += c >= 0x80 && c < 0xa0 && c != NEXT_LINE ? 1 : 0;
            }
            if (!document.test(stripped)) {
                return;
            }
            bytes += (latin ? 1L : 2L) * stripped.length();
            if (bytes > mostBytes) {
                throw new DataException(path + ": with this file there are more than " + mostBytes / MEBI
                        + " MB of text, too much for Java's " + memory / MEBI
                        + " MB of memory (COTERIE_JAVA_OPTS=-Xmx... gives it more)");
            }
        }

        private void addNotes() {
            if (within > 0) {
                notes.add(path + ": " + ByteLevel.END_OF_TEXT + " stands beside other text in " + count(within, "line")
                        + ", first in line " + firstWithin
                        + ", and is read as a space there: only a line of its own separates documents");
            }
            if (replaced > 0) {
                notes.add(path + ": holds U+FFFD " + count(replaced, "time")
                        + ", the replacement for characters that another program could not decode");
            }
            if (control > 0) {
                controls.put(path, control);
            }
            if (controlOfLatin > 0) {
                controlsOfLatin.put(path, controlOfLatin);
            }
        }
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private static String stripped(String text) {
        String s = text.strip();
        while (!s.isEmpty() && s.charAt(0) == MARK) {
            s = s.substring(1).strip();
        }
        return s;
    }

    private static IOException tooLong(long longest) {
        return new IOException(
                "a document or a line has more than " + longest + " characters, too many for Java's memory: split it");
    }

    /** Limits the length of lines, which the reader above would otherwise buffer without bound. */
    private static final class ShortLines extends FilterReader {
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
    }
}
