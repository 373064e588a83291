package coterie.model.text;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** A source of text: documents by category. */
public interface TextSource {
    /** Returns the categories in a fixed order. */
    List<String> categories();

    /**
     * Returns the documents of a category in an order determined by the seed; may be endless.
     *
     * @throws DataException if they cannot be read
     */
    Iterator<String> documents(String category, long seed);

    /**
     * Returns some documents of a category.
     *
     * @param at positions in the order of {@link #documents(String, long)}
     * @throws DataException if they cannot be read
     */
    default Iterator<String> documents(String category, long seed, BitSet at) {
        Iterator<String> all = documents(category, seed);
        return new Iterator<>() {
            private int position;
            private int wanted = at.nextSetBit(0);

            @Override
            public boolean hasNext() {
                while (wanted >= 0 && position < wanted && all.hasNext()) {
                    all.next();
                    position++;
                }
                return wanted >= 0 && all.hasNext();
            }

            @Override
            public String next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                position++;
                wanted = at.nextSetBit(position);
                return all.next();
            }
        };
    }

    /**
     * Returns the documents of all categories, as {@link #documents(String, long)} does for one. A source whose files
     * hold several categories reads each file once for all of them.
     *
     * @param at for each category the positions of the documents wanted; null for all documents
     * @throws DataException if they cannot be read
     */
    default List<Iterator<String>> documents(long seed, List<BitSet> at) {
        List<Iterator<String>> all = new ArrayList<>();
        List<String> categories = categories();
        for (int c = 0; c < categories.size(); c++) {
            all.add(at == null ? documents(categories.get(c), seed) : documents(categories.get(c), seed, at.get(c)));
        }
        return all;
    }

    /** Whether the source is endless. */
    default boolean endless() {
        return false;
    }

    /** Returns notes on the text read so far for the user, one per line, for instance skipped files. */
    default List<String> notes() {
        return List.of();
    }

    /** Returns documents in a random order. */
    static Iterator<String> shuffled(List<String> documents, long seed, int category) {
        return Arrays.stream(order(documents.size(), seed, category))
                .mapToObj(documents::get)
                .iterator();
    }

    /** Returns the random order of this many documents. */
    static int[] order(int documents, long seed, int category) {
        return RandomStream.of(seed, Purpose.DOCUMENTS, category).permutation(documents);
    }
}
