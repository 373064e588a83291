package coterie.model.text;

import coterie.topology.files.CsvRows;
import coterie.topology.files.Shown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * AG News as it was published: CSV records of class index (1 World, 2 Sports, 3 Business, 4 Sci/Tech), title,
 * description. A document is title and description, parted by a blank. A header, which Kaggle's edition has, and blank
 * lines are passed over.
 */
public final class AgNews implements TextSource {
    private static final List<String> CATEGORIES = List.of("world", "sports", "business", "scitech");
    private static final List<String> NAMES = List.of("train.csv", "test.csv");
    private static final String WANTED = "class (1 to 4), title, description";
    private static final int LONGEST_NAME = 30;
    private static final int SHOWN = 80;
    private static final int PART_OF_MEMORY = 4;
    private final List<List<String>> documents = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * Reads the whole of it.
     *
     * @param path a CSV file, plain or gzipped, or a folder with {@code train.csv} and perhaps {@code test.csv}, each
     *     plain or with {@code .gz}
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

    private List<Path> in(Path folder) {
        List<Path> files = new ArrayList<>();
        for (String name : NAMES) {
            Path plain = folder.resolve(name);
            Path zipped = folder.resolve(name + ".gz");
            if (Files.exists(plain)) {
                files.add(plain);
                if (Files.exists(zipped)) {
                    notes.add("passed over, since " + name + " is there as well: " + zipped);
                }
            } else if (Files.exists(zipped)) {
                files.add(zipped);
            }
        }
        return files;
    }

    private void read(Path file) {
        long[] number = {0};
        try {
            CsvRows.read(file, PART_OF_MEMORY, (fields, line) -> {
                number[0]++;
                if (number[0] == 1 && isHeader(fields)) {
                    notes.add(file + ": its first row is taken for a header: " + shown(fields));
                } else {
                    document(file, line, number[0], fields);
                }
            });
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage(), e);
        }
    }

    /**
     * A first row of three short fields, the first without a digit. Whether the other rows have classes is seen soon
     * enough.
     */
    private static boolean isHeader(List<String> fields) {
        return fields.size() == 3 && fields.get(0).strip().matches("[\\p{L} _-]+")
                && fields.stream().noneMatch(f -> f.length() > LONGEST_NAME);
    }

    private void document(Path file, long line, long number, List<String> fields) {
        String where = file + ":" + line + ": record " + number;
        if (fields.size() != 3) {
            String separator = fields.size() == 1 && fields.get(0).contains(";") ? "; fields are parted by commas" : "";
            String quotes = fields.size() > 3 ? "; a field with a comma stands in quotation marks" : "";
            throw new DataException(where + " has " + fields.size() + " fields, wanted are " + WANTED + separator
                    + quotes + "; found " + shown(fields));
        }
        String index = fields.get(0).strip();
        if (!index.matches("[1-4]")) {
            throw new DataException(where + " is not " + WANTED + ": its class is \"" + shown(List.of(index)) + "\"");
        }
        String text = (fields.get(1) + " " + fields.get(2)).replace("\\", " ").replaceAll("\\s+", " ").strip();
        if (!text.isEmpty()) {
            documents.get(Integer.parseInt(index) - 1).add(text);
        }
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
