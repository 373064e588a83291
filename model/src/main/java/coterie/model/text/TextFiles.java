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
 * A folder of text in UTF-8 with one file or sub-folder a category, plain or gzipped.
 *
 * <p>A folder's category is its name, a file's its name up to the first dot. {@code *.lines.txt} holds a document a
 * line; in any other file a line {@code <|endoftext|>} parts documents, so that one without such a line is one
 * document. Files named README, LICENSE or NOTICE, hidden ones, what systems and editors leave, and files whose name
 * says that they are no text are passed over, and {@link #notes} says so. A file that links lead to twice counts once.
 */
public final class TextFiles implements TextSource {
    private final TextFolder folder;
    private final DocumentReader reader = new DocumentReader();

    /** @throws DataException where the folder is none or has no text, or a link in it leads nowhere */
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

    /** All files that are read, in the order in which they are. */
    public List<Path> files() {
        return folder.files().values().stream().flatMap(List::stream).toList();
    }

    /** The name of a category as it is written here: in Unicode's composed form (NFC), without blanks around it. */
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
     * A category's documents as they stand in its files, those by name.
     *
     * @throws DataException where they cannot be read, or are no text in UTF-8
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
