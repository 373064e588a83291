package coterie.model.text;

import java.util.List;

/** Where text comes from: documents by category. The same source gives the same documents in the same order. */
public interface TextSource {
    /** Categories, in a fixed order. */
    List<String> categories();

    /**
     * Documents of a category, in a fixed order.
     *
     * @throws DataException where they cannot be read
     */
    Iterable<String> documents(String category);
}
