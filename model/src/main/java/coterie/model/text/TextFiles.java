package coterie.model.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Text in UTF-8, plain or gzipped, in one file or in a folder.
 *
 * <p>Plain text: the category is the name of the subfolder, or that of the file up to the first dot.
 * {@code *.lines.txt} has one document per line; in other files lines with {@code <|endoftext|>} separate documents, so
 * that a file without such a line is one document.
 *
 * <p>Tables ({@link TextTable}): a row is a document. Its category is the value of a column, see {@link TableReader},
 * or as in plain text.
 *
 * <p>In a folder, files named README, LICENSE or NOTICE, hidden files, leftovers of operating systems and editors, and
 * files with a suffix of a format other than text are skipped and listed in {@link #notes}. A file reachable by several
 * links counts once.
 */
public final class TextFiles implements TextSource {
    private static final String COLUMN = "text";
    private final TextFolder folder;
    private final List<TextFolder.File> files;
    private final DocumentChecks checks = new DocumentChecks();
    private final DocumentReader plain = new DocumentReader(checks);
    private final TableReader tables;
    /** The number of documents of each category in each table. */
    private final Map<Path, Map<String, Integer>> inTables = new HashMap<>();

    private final List<String> categories;

    /** As {@link #TextFiles(Path, String, String)}, with the columns {@code text} and {@code category} or none. */
    public TextFiles(Path path) {
        this(path, COLUMN, null);
    }

    /**
     * Lists the files. Tables are read once, for their categories.
     *
     * @param path a file or a folder
     * @param column name of the column of text in tables
     * @param category name of the column of categories in tables; null for {@code category}, {@code user} or none
     * @throws DataException if there is no such path, it has no text, a link in it is broken, or a table is invalid
     */
    public TextFiles(Path path, String column, String category) {
        folder = new TextFolder(path);
        files = folder.files();
        tables = new TableReader(column, category, checks);
        Set<String> all = new TreeSet<>();
        for (TextFolder.File f : files) {
            TextTable table = table(f);
            if (table == null) {
                all.add(f.category());
                continue;
            }
            Map<String, Integer> counts = new HashMap<>();
            tables.read(f.path(), table, f.category(), (of, text) -> counts.merge(of, 1, Integer::sum) < 0);
            inTables.put(f.path(), counts);
            all.addAll(counts.keySet());
        }
        if (all.isEmpty()) {
            throw new DataException(path + " holds no text: its tables have no row with text");
        }
        categories = List.copyOf(all);
    }

    /**
     * Returns the files read from a file or a folder, in order.
     *
     * @throws DataException if there is no such path, it has no text, or a link in it is broken
     */
    public static List<Path> files(Path path) {
        return new TextFolder(path).files().stream().map(TextFolder.File::path).toList();
    }

    private static TextTable table(TextFolder.File file) {
        return TextTables.of(file.path().getFileName().toString());
    }

    /** Normalises the name of a category: to Unicode's composed form (NFC), without surrounding white space. */
    public static String category(String name) {
        return TextNames.category(name);
    }

    @Override
    public List<String> categories() {
        return categories;
    }

    @Override
    public Iterator<String> documents(String category, long seed) {
        return TextSource.shuffled(documents(category), seed, categories.indexOf(category));
    }

    @Override
    public Iterator<String> documents(String category, long seed, BitSet at) {
        List<BitSet> all = new ArrayList<>(Collections.nCopies(categories.size(), new BitSet()));
        all.set(categories.indexOf(category), at);
        return documents(seed, all).get(categories.indexOf(category));
    }

    /** Reads each file once; with positions, plain text twice, so that only the wanted documents are held in memory. */
    @Override
    public List<Iterator<String>> documents(long seed, List<BitSet> at) {
        return at == null ? all(seed) : some(seed, at);
    }

    private List<Iterator<String>> all(long seed) {
        Map<String, List<String>> documents = new HashMap<>();
        categories.forEach(c -> documents.put(c, new ArrayList<>()));
        read(documents.keySet(), (category, text) -> documents.get(category).add(text));
        List<Iterator<String>> all = new ArrayList<>();
        for (int c = 0; c < categories.size(); c++) {
            all.add(TextSource.shuffled(documents.get(categories.get(c)), seed, c));
        }
        return all;
    }

    private List<Iterator<String>> some(long seed, List<BitSet> at) {
        Set<String> needed = IntStream.range(0, categories.size())
                .filter(c -> !at.get(c).isEmpty())
                .mapToObj(categories::get)
                .collect(Collectors.toSet());
        Map<String, Integer> counts = counts(needed);
        Map<String, WantedDocuments> wanted = new HashMap<>();
        for (int c = 0; c < categories.size(); c++) {
            int[] order = TextSource.order(counts.getOrDefault(categories.get(c), 0), seed, c);
            wanted.put(categories.get(c), new WantedDocuments(order, at.get(c)));
        }
        read(needed, (category, text) -> wanted.get(category).offer(text));
        return categories.stream().map(c -> wanted.get(c).iterator()).toList();
    }

    private Map<String, Integer> counts(Set<String> needed) {
        Map<String, Integer> counts = new HashMap<>();
        for (TextFolder.File f : files) {
            if (inTables.containsKey(f.path())) {
                inTables.get(f.path()).forEach((category, n) -> counts.merge(category, n, Integer::sum));
            } else if (needed.contains(f.category())) {
                plain.read(f.path(), text -> counts.merge(f.category(), 1, Integer::sum) < 0);
            }
        }
        return counts;
    }

    private void read(Set<String> needed, BiPredicate<String, String> document) {
        for (TextFolder.File f : files) {
            Map<String, Integer> inTable = inTables.get(f.path());
            if (inTable == null) {
                if (needed.contains(f.category())) {
                    plain.read(f.path(), text -> document.test(f.category(), text));
                }
            } else if (!Collections.disjoint(inTable.keySet(), needed)) {
                tables.read(
                        f.path(),
                        table(f),
                        f.category(),
                        (category, text) -> needed.contains(category) && document.test(category, text));
            }
        }
    }

    /** Returns the documents of a category in the order of its files, which are sorted by name. */
    public List<String> documents(String category) {
        List<String> documents = new ArrayList<>();
        read(Set.of(category), (c, text) -> documents.add(text));
        return documents;
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>(folder.notes());
        notes.addAll(checks.notes());
        return notes.stream().distinct().toList();
    }
}
