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
    /** Categories, in a fixed order. */
    List<String> categories();

    /**
     * Documents of a category in an order that the seed decides; may never end.
     *
     * @throws DataException if they cannot be read
     */
    Iterator<String> documents(String category, long seed);

    /**
     * Some documents of a category.
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

    /** Whether the source never ends. */
    default boolean endless() {
        return false;
    }

    /** Notes on what was read so far for a person, a line each: files passed over, for instance. */
    default List<String> notes() {
        return List.of();
    }

    /** Documents in a random order. */
    static Iterator<String> shuffled(List<String> documents, long seed, int category) {
        return Arrays.stream(order(documents.size(), seed, category))
                .mapToObj(documents::get)
                .iterator();
    }

    /** The random order of so many documents. */
    static int[] order(int documents, long seed, int category) {
        return RandomStream.of(seed, Purpose.DOCUMENTS, category).permutation(documents);
    }
}
