package coterie.model.text;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
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
