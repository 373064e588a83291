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
 * AG News as it was published: CSV records of class index (1 World, 2 Sports, 3 Business, 4 Sci/Tech), title,
 * description. A document is title and description, parted by a blank. A header, which Kaggle's edition has, is
 * followed where it names the columns; blank lines are passed over.
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
     * Reads the whole of it.
     *
     * @param path a CSV file, plain or gzipped, or a folder with {@code train.csv} and perhaps {@code test.csv}, each
     *     plain or with {@code .gz}, in letters of any case
     * @throws DataException where it is none
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
     * Files that are read of a folder, in the order in which they are.
     *
     * @throws DataException where it cannot be listed
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
                        .forEach(p -> notes.add(
                                "passed over, since " + found.get(0).getFileName() + " is there as well: " + p));
            }
        }
        return files;
    }

    /** Files of this name in letters of any case, plain or gzipped; the plain and the plainly written ones first. */
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
            refuseOthers(file);
            Rows rows = new Rows(file);
            CsvRows.read(file, PART_OF_MEMORY, rows);
            rows.noteEmpty();
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage(), e);
        } catch (IOException e) {
            throw new DataException(file + ": " + PlainText.why(e), e);
        }
    }

    /** The rows of one file. */
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
                        + " neither title nor description: no document is made of that, first in line " + firstEmpty);
            }
        }
    }

    /**
     * A first row of three short fields, the first without a digit. Whether the other rows have classes is seen soon
     * enough.
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
                    file + ":" + line + ": " + e.getMessage() + ", wanted are " + WANTED + "; found " + shown(fields),
                    e);
        }
    }

    /** Tells other formats by their beginning, before their quotation marks are taken for those of fields. */
    private static void refuseOthers(Path file) throws IOException {
        char[] head = new char[BEGINNING];
        int n = 0;
        try (BufferedReader in = PlainText.open(file)) {
            for (int got = in.read(head); got > 0; got = n < BEGINNING ? in.read(head, n, BEGINNING - n) : 0) {
                n += got;
            }
        }
        String text = new String(head, 0, n).stripLeading();
        if (PlainText.isHtml(text)) {
            throw new DataException(file + ": is HTML, not AG News' CSV (a page that a server sent instead?), wanted"
                    + " are records of " + WANTED);
        }
        if (text.matches("(?s)(\\[\\s*)?\\{\\s*(\".*|\\})") || text.matches("(?s)\\[\\s*[\\[\"].*")) {
            throw new DataException(file + ": is JSON, not AG News' CSV: wanted are records of " + WANTED + "; found "
                    + shown(List.of(text)));
        }
    }

    /** Takes a record; returns whether there is any text in it. */
    private boolean document(Path file, long line, long number, List<String> fields) {
        String where = file + ":" + line + ": record " + number;
        if (fields.size() != 3) {
            String separator = fields.stream().anyMatch(f -> f.contains("\t"))
                    ? "; fields are parted by commas, these" + " look parted by tabs"
                    : fields.size() == 1 && fields.get(0).contains(";") ? "; fields are parted by commas" : "";
            String quotes = fields.size() > 3 ? "; a field with a comma stands in quotation marks" : "";
            throw new DataException(where + " has " + fields.size() + " fields, wanted are " + WANTED + separator
                    + quotes + "; found " + shown(fields));
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
