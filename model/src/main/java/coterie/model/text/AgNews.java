package coterie.model.text;

import coterie.topology.files.CsvRows;
import coterie.topology.files.PlainText;
import coterie.topology.files.Shown;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The AG News corpus as published: CSV records of class index (1 World, 2 Sports, 3 Business, 4 Sci/Tech), title and
 * description. A document is title and description separated by a space. A header, as in Kaggle's edition, determines
 * the order of columns if it names them; blank lines are skipped.
 */
public final class AgNews implements TextSource {
    private static final List<String> CATEGORIES = List.of("world", "sports", "business", "scitech");
    private static final List<String> NAMES = List.of("train.csv", "test.csv");
    private static final String WANTED = "class (1 to 4), title, description";
    private static final int LONGEST_NAME = 30;
    private static final int BEGINNING = 1024;
    private static final int SHOWN = 80;
    private static final int PART_OF_MEMORY = 4;
    private final List<List<String>> documents = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * Reads the corpus.
     *
     * @param path a CSV file, plain or gzipped, or a folder with {@code train.csv} and optionally {@code test.csv},
     *     each plain or gzipped with the suffix {@code .gz}; names are not case-sensitive
     * @throws DataException if there is no such file or it is invalid
     */
    public AgNews(Path path) {
        CATEGORIES.forEach(c -> documents.add(new ArrayList<>()));
        List<Path> files = Files.isDirectory(path) ? in(path) : Files.exists(path) ? List.of(path) : List.of();
        if (files.isEmpty()) {
            throw new DataException(path + " is neither AG News' CSV file nor a folder with train.csv or test.csv");
        }
        files.forEach(this::read);
    }

    /**
     * Returns the files that are read from a folder, in order.
     *
     * @throws DataException if the folder cannot be listed
     */
    public static List<Path> files(Path folder) {
        return NAMES.stream()
                .flatMap(name -> named(folder, name).stream().limit(1))
                .toList();
    }

    private List<Path> in(Path folder) {
        List<Path> files = new ArrayList<>();
        for (String name : NAMES) {
            List<Path> found = named(folder, name);
            if (!found.isEmpty()) {
                files.add(found.get(0));
                found.stream()
                        .skip(1)
                        .forEach(p ->
                                notes.add("skipped, since " + found.get(0).getFileName() + " exists as well: " + p));
            }
        }
        return files;
    }

    /** Returns the files with this name in any case, plain or gzipped; plain and lower-case names first. */
    private static List<Path> named(Path folder, String name) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(
                            p -> TextNames.unzipped(p.getFileName().toString()).equals(name) && Files.exists(p))
                    .sorted(Comparator.comparing(
                                    (Path p) -> p.getFileName().toString().length())
                            .thenComparing(p -> !p.getFileName().toString().startsWith(name))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (IOException e) {
            throw new DataException(folder + ": " + PlainText.why(e), e);
        }
    }

    private void read(Path file) {
        try {
            rejectOtherFormats(file);
            Rows rows = new Rows(file);
            CsvRows.read(file, PART_OF_MEMORY, rows);
            rows.noteEmpty();
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage(), e);
        } catch (IOException e) {
            throw new DataException(file + ": " + PlainText.why(e), e);
        }
    }

    /** Reads the rows of one file. */
    private final class Rows implements CsvRows.Row {
        private final Path file;
        private AgNewsHeader order = AgNewsHeader.NONE;
        private long number;
        private long empty;
        private long firstEmpty;

        Rows(Path file) {
            this.file = file;
        }

        @Override
        public void read(List<String> fields, long line) {
            number++;
            if (number == 1 && isHeader(fields)) {
                order = header(file, line, fields);
                notes.add(file + ": its first row is taken for a header: " + shown(fields)
                        + (order.usual() ? "" : "; its order of columns is followed"));
            } else if (!document(file, line, number, order.ordered(fields))) {
                firstEmpty = empty++ == 0 ? line : firstEmpty;
            }
        }

        void noteEmpty() {
            if (empty > 0) {
                notes.add(file + ": " + empty + (empty == 1 ? " record has" : " records have")
                        + " neither title nor description and no document, first in line " + firstEmpty);
            }
        }
    }

    /**
     * Whether the first row is a header: three short fields, the first without digits. A misdetection shows as soon as
     * other rows are checked.
     */
    private static boolean isHeader(List<String> fields) {
        return fields.size() == 3
                && fields.get(0).strip().matches("[\\p{L} _-]+")
                && fields.stream().noneMatch(f -> f.length() > LONGEST_NAME);
    }

    private static AgNewsHeader header(Path file, long line, List<String> fields) {
        try {
            return AgNewsHeader.of(fields);
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    file + ":" + line + ": " + e.getMessage() + ", expected " + WANTED + "; found " + shown(fields), e);
        }
    }

    /** Rejects other formats by their beginning, before their quotation marks are misread as those of fields. */
    private static void rejectOtherFormats(Path file) throws IOException {
        char[] head = new char[BEGINNING];
        int n = 0;
        try (BufferedReader in = PlainText.open(file)) {
            for (int got = in.read(head); got > 0; got = n < BEGINNING ? in.read(head, n, BEGINNING - n) : 0) {
                n += got;
            }
        }
        String text = new String(head, 0, n).stripLeading();
        if (PlainText.isHtml(text)) {
            throw new DataException(file + ": is HTML, not AG News' CSV (an error page instead of the file?); expected"
                    + " records of " + WANTED);
        }
        if (text.matches("(?s)(\\[\\s*)?\\{\\s*(\".*|\\})") || text.matches("(?s)\\[\\s*[\\[\"].*")) {
            throw new DataException(file + ": is JSON, not AG News' CSV; expected records of " + WANTED + "; found "
                    + shown(List.of(text)));
        }
    }

    /** Adds a record; returns whether it contains any text. */
    private boolean document(Path file, long line, long number, List<String> fields) {
        String where = file + ":" + line + ": record " + number;
        if (fields.size() != 3) {
            String separator = fields.stream().anyMatch(f -> f.contains("\t"))
                    ? "; fields are separated by commas, these look separated by tabs"
                    : fields.size() == 1 && fields.get(0).contains(";") ? "; fields are separated by commas" : "";
            String quotes = fields.size() > 3 ? "; a field with a comma needs quotation marks" : "";
            throw new DataException(where + " has " + fields.size() + " fields, expected " + WANTED + separator + quotes
                    + "; found " + shown(fields));
        }
        String index = fields.get(0).strip();
        if (!index.matches("[1-4]")) {
            throw new DataException(where + " is not " + WANTED + ": its class is \"" + shown(List.of(index)) + "\"");
        }
        String text = (fields.get(1) + " " + fields.get(2))
                .replace("\\", " ")
                .replaceAll("\\s+", " ")
                .strip();
        return !text.isEmpty() && documents.get(Integer.parseInt(index) - 1).add(text);
    }

    private static String shown(List<String> fields) {
        return Shown.of(String.join(",", fields), SHOWN);
    }

    @Override
    public List<String> categories() {
        return CATEGORIES;
    }

    @Override
    public Iterator<String> documents(String category, long seed) {
        int c = CATEGORIES.indexOf(category);
        return TextSource.shuffled(documents.get(c), seed, c);
    }

    @Override
    public List<String> notes() {
        return notes;
    }
}
