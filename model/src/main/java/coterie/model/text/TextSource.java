package coterie.model.text;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Where text comes from: documents by category. */
public interface TextSource {
    /** Categories, in a fixed order. */
    List<String> categories();

    /**
     * Documents of a category in an order that the seed decides; may never end.
     *
     * @throws DataException where they cannot be read
     */
    Iterator<String> documents(String category, long seed);

    /** Whether there is as much text as is asked for. */
    default boolean endless() {
        return false;
    }

    /** What a person should know of what was read so far, a line each: files passed over, for instance. */
    default List<String> notes() {
        return List.of();
    }

    /** Documents in a random order. */
    static Iterator<String> shuffled(List<String> documents, long seed, int category) {
        int[] order = RandomStream.of(seed, Purpose.DOCUMENTS, category).permutation(documents.size());
        return Arrays.stream(order).mapToObj(documents::get).iterator();
    }
}
