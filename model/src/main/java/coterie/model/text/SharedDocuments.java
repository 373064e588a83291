package coterie.model.text;

import java.util.List;

/** Deals an X_S that is not part of the users' text. */
final class SharedDocuments {
    private SharedDocuments() {}

    /**
     * Returns equal parts of all wanted categories, [categories][tokens]. Documents that users have are skipped.
     *
     * @throws DataException if a category is missing or has too little text
     */
    static int[][] deal(TextSource source, SharedText.Wanted wanted) {
        List<String> categories = wanted.categories().isEmpty()
                ? source.categories()
                : wanted.categories().stream()
                        .map(c -> known(c, source.categories()))
                        .toList();
        int each = Math.max(wanted.least(), (int) ((wanted.tokens() + categories.size() - 1L) / categories.size()));
        int[][] shared = new int[categories.size()][];
        for (int c = 0; c < shared.length; c++) {
            String category = categories.get(c);
            DocumentPile pile = new DocumentPile(
                    category,
                    source.documents(category, wanted.seed()),
                    wanted.tokenizer(),
                    each,
                    wanted.dealt(),
                    "the shared set: ask for fewer shared_tokens");
            TokenBuffer tokens = new TokenBuffer();
            pile.take(tokens, each);
            shared[c] = tokens.toArray();
        }
        return shared;
    }

    private static String known(String name, List<String> categories) {
        String category = TextFiles.category(name);
        if (!categories.contains(category)) {
            throw new DataException(
                    "categories: there is no category " + name + "; there are " + String.join(", ", categories));
        }
        return category;
    }
}
