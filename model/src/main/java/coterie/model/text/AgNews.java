package coterie.model.text;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * AG News as it was published: CSV lines of class index (1 World, 2 Sports, 3 Business, 4 Sci/Tech), title, description. A document is title and
 * description, parted by a blank.
 */
public final class AgNews implements TextSource {
    private static final List<String> CATEGORIES = List.of("world", "sports", "business", "scitech");
    private final List<List<String>> documents = new ArrayList<>();

    /** @param path a CSV file, plain or .gz, or a folder with {@code train.csv} and perhaps {@code test.csv} @throws DataException where it is none */
    public AgNews(Path path) {
        CATEGORIES.forEach(c -> documents.add(new ArrayList<>()));
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(path)) {
            for (String name : List.of("train.csv", "train.csv.gz", "test.csv", "test.csv.gz")) {
                if (Files.exists(path.resolve(name))) {
                    files.add(path.resolve(name));
                }
            }
        } else if (Files.exists(path)) {
            files.add(path);
        }
        if (files.isEmpty()) {
            throw new DataException(path + " is neither AG News' CSV file nor a folder with train.csv or test.csv");
        }
        for (Path f : files) {
            try {
                read(f);
            } catch (IOException e) {
                throw new DataException("cannot read " + f + ": " + e.getMessage(), e);
            }
        }
    }

    private void read(Path file) throws IOException {
        CsvMapper csv = new CsvMapper();
        csv.enable(CsvParser.Feature.WRAP_AS_ARRAY);
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                MappingIterator<String[]> rows = csv.readerFor(String[].class).readValues(in)) {
            int line = 0;
            while (rows.hasNextValue()) {
                String[] row = rows.nextValue();
                line++;
                if (row.length < 3 || !row[0].matches("[1-4]")) {
                    throw new IOException("record " + line + " is not class (1 to 4), title, description: " + String.join(",", row));
                }
                documents.get(Integer.parseInt(row[0]) - 1).add((row[1] + " " + row[2]).replace("\\", " ").replaceAll("\\s+", " ").strip());
            }
        }
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
}
