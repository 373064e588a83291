package coterie.model.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Takes blanks and byte order marks off documents, counts characters that suggest damage, and limits the text held in
 * memory.
 */
final class DocumentChecks {
    private static final char MARK = '\ufeff';
    private static final char REPLACEMENT = '\ufffd';
    private static final char ESCAPE = '\u001b';
    /** The line separator of some systems. */
    private static final char NEXT_LINE = '\u0085';

    private static final int MEBI = 1 << 20;
    private static final int PART_OF_MEMORY = 16;
    private final long memory = Runtime.getRuntime().maxMemory();
    /** Half of the heap is left for tokens, base and adapters. */
    private final long mostBytes = memory / 2;

    private final List<String> notes = new ArrayList<>();
    /** By file, so that a file that is read twice is counted once. */
    private final Map<Path, Long> controls = new LinkedHashMap<>();

    private final Map<Path, Long> controlsOfLatin = new LinkedHashMap<>();
    private long bytes;

    /** Returns the number of characters that a document or a line may have. */
    static long longest() {
        return Math.min(Integer.MAX_VALUE / 4, Runtime.getRuntime().maxMemory() / PART_OF_MEMORY);
    }

    /** Adds a note for the user. */
    void note(String note) {
        notes.add(note);
    }

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

    /** Returns a number with a noun: {@code 1 line}, {@code 2 lines}. */
    static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    /** Returns a text without surrounding blanks and leading byte order marks. */
    static String stripped(String text) {
        String s = text.strip();
        while (!s.isEmpty() && s.charAt(0) == MARK) {
            s = s.substring(1).strip();
        }
        return s;
    }

    /** Returns the checks of a file that is read now. */
    OneFile file(Path path) {
        return new OneFile(path);
    }

    /** The checks of one reading of a file. */
    final class OneFile {
        private final Path path;
        private long replaced;
        private long control;
        private long controlOfLatin;

        private OneFile(Path path) {
            this.path = path;
        }

        /**
         * Hands over a document unless it is blank.
         *
         * @param document receives the document and returns whether it is kept, so that it counts as held in memory
         * @return whether it is not blank
         * @throws DataException if more is kept than fits into memory
         */
        boolean add(String text, Predicate<String> document) {
            String stripped = stripped(text);
            if (stripped.isEmpty()) {
                return false;
            }
            boolean latin = true;
            for (int k = 0; k < stripped.length(); k++) {
                char c = stripped.charAt(k);
                latin &= c < 256;
                replaced += c == REPLACEMENT ? 1 : 0;
                control += c < ' ' && !(c >= '\b' && c <= '\r') && c != ESCAPE ? 1 : 0;
                controlOfLatin += c >= 0x80 && c < 0xa0 && c != NEXT_LINE ? 1 : 0;
            }
            if (document.test(stripped)) {
                bytes += (latin ? 1L : 2L) * stripped.length();
                if (bytes > mostBytes) {
                    throw new DataException(path + ": with this file there are more than " + mostBytes / MEBI
                            + " MB of text, too much for Java's " + memory / MEBI
                            + " MB of memory (COTERIE_JAVA_OPTS=-Xmx... gives it more)");
                }
            }
            return true;
        }

        /** Notes what was counted. */
        void end() {
            if (replaced > 0) {
                note(path + ": holds U+FFFD " + count(replaced, "time")
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
}
