package coterie.model.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A folder of text in UTF-8 with one file or subfolder per category, plain or gzipped.
 *
 * <p>The category is the name of the subfolder, or that of the file up to the first dot. {@code *.lines.txt} has one
 * document per line; in other files lines with {@code <|endoftext|>} separate documents, so that a file without such a
 * line is one document. Files named README, LICENSE or NOTICE, hidden files, leftovers of operating systems and
 * editors, and files with a suffix of a format other than text are skipped and listed in {@link #notes}. A file
 * reachable by several links counts once.
 */
public final class TextFiles implements TextSource {
    private final TextFolder folder;
    private final DocumentReader reader = new DocumentReader();

    /** @throws DataException if the folder does not exist or has no text, or a link in it is broken */
    public TextFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + (Files.exists(folder) ? " is no folder" : ": there is no such folder"));
        }
        this.folder = new TextFolder(folder);
        if (this.folder.files().isEmpty()) {
            throw new DataException(folder + " holds no text: expected a file or a sub-folder for each category"
                    + String.join(
                            "", this.folder.notes().stream().map(n -> "; " + n).toList()));
        }
    }

    /** Returns all files read, in order. */
    public List<Path> files() {
        return folder.files().values().stream().flatMap(List::stream).toList();
    }

    /** Normalises the name of a category: to Unicode's composed form (NFC), without surrounding white space. */
    public static String category(String name) {
        return TextNames.category(name);
    }

    @Override
    public List<String> categories() {
        return List.copyOf(folder.files().keySet());
    }

    @Override
    public Iterator<String> documents(String category, long seed) {
        return TextSource.shuffled(documents(category), seed, categories().indexOf(category));
    }

    /** Reads the files twice, so that only these documents are held in memory. */
    @Override
    public Iterator<String> documents(String category, long seed, BitSet at) {
        AtomicInteger all = new AtomicInteger();
        read(category, d -> all.incrementAndGet() < 0);
        int[] order = TextSource.order(all.get(), seed, categories().indexOf(category));
        int[] places =
                at.stream().filter(k -> k < order.length).map(k -> order[k]).toArray();
        BitSet wanted = new BitSet();
        Arrays.stream(places).forEach(wanted::set);
        Map<Integer, String> kept = new HashMap<>();
        AtomicInteger place = new AtomicInteger();
        read(category, d -> {
            int here = place.getAndIncrement();
            if (wanted.get(here)) {
                kept.put(here, d);
            }
            return wanted.get(here);
        });
        return Arrays.stream(places).mapToObj(kept::remove).iterator();
    }

    private void read(String category, Predicate<String> document) {
        folder.files().getOrDefault(category, List.of()).forEach(p -> reader.read(p, document));
    }

    /**
     * Returns the documents of a category in the order of its files, which are sorted by name.
     *
     * @throws DataException if a file cannot be read or is not UTF-8 text
     */
    public List<String> documents(String category) {
        List<String> documents = new ArrayList<>();
        read(category, documents::add);
        return documents;
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>(folder.notes());
        notes.addAll(reader.notes());
        return notes.stream().distinct().toList();
    }
}
