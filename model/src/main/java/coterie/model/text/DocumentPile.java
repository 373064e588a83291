package coterie.model.text;

import java.util.BitSet;
import java.util.Iterator;

/** The documents of one category that are not dealt yet, in order. */
final class DocumentPile {
    /** Documents with more characters are tokenized only as far as needed. */
    private static final int LONG = 1 << 18;
    /** Number of tokens before a cut that are discarded, since they might differ with more text after them. */
    private static final int UNSURE = 64;

    private final String category;
    private final Iterator<String> documents;
    private final Tokenizer tokenizer;
    private final long wanted;
    private final DealtDocuments dealt;
    private final String purpose;
    private final int[] separator;
    private final BitSet copies = new BitSet();
    private long taken;
    private long read;
    private int position;

    /**
     * @param wanted number of tokens needed for all users and the shared set
     * @param dealt detects duplicates; null if {@code documents} has none
     */
    DocumentPile(String category, Iterator<String> documents, Tokenizer tokenizer, long wanted, DealtDocuments dealt) {
        this(
                category,
                documents,
                tokenizer,
                wanted,
                dealt,
                "all users and the shared set: ask for fewer users or tokens");
    }

    /** @param purpose what the tokens are for, and a way out if there are too few, for messages */
    DocumentPile(
            String category,
            Iterator<String> documents,
            Tokenizer tokenizer,
            long wanted,
            DealtDocuments dealt,
            String purpose) {
        this.category = category;
        this.documents = documents;
        this.tokenizer = tokenizer;
        this.wanted = wanted;
        this.dealt = dealt;
        this.purpose = purpose;
        separator = tokenizer.separator();
    }

    /** Returns the number of documents read so far, including duplicates. */
    int position() {
        return position;
    }

    /** Returns the positions of duplicates, which are not dealt. */
    BitSet copies() {
        return copies;
    }

    /**
     * Adds documents, each after the tokens that separate documents, until the buffer holds {@code to} tokens. The rest
     * of the last document is dropped.
     */
    void take(TokenBuffer out, int to) {
        int from = out.size();
        while (out.size() < to) {
            String document = next();
            if (document == null) {
                throw tooLittle(taken + out.size() - from);
            }
            out.add(separator, Math.min(separator.length, to - out.size()));
            int most = to - out.size();
            int[] ids = most == 0 ? separator : encode(document, most);
            out.add(ids, Math.min(ids.length, most));
        }
        taken += to - from;
    }

    /** @throws DataException if all documents together have fewer tokens than needed */
    void requireEnough() {
        long tokens = 0;
        for (String document = next(); document != null && tokens < wanted; document = next()) {
            tokens += separator.length + length(document);
        }
        if (tokens < wanted) {
            throw tooLittle(tokens);
        }
    }

    private DataException tooLittle(long tokens) {
        if (dealt == null) {
            return new DataException("category " + category + " ends before the documents of this run's users: the text"
                    + " on this machine differs from the text with which the run was started");
        }
        return new DataException("category " + category + " has about " + tokens + " tokens in " + read
                + (read == 1 ? " document" : " documents")
                + ", but " + wanted + " are needed for " + purpose
                + " (no document is in two parts: its rest is dropped when a part is full)");
    }

    private String next() {
        while (documents.hasNext()) {
            String document = documents.next();
            position++;
            if (dealt == null || dealt.isNew(category, document)) {
                read++;
                return document;
            }
            copies.set(position - 1);
        }
        return null;
    }

    /** Returns the ids of a document; for a very long one at least the first {@code most}. */
    private int[] encode(String document, int most) {
        for (long length = LONG; length < document.length(); length *= 2) {
            int cut = wordEnd(document, (int) length);
            int[] ids = tokenizer.encode(document.substring(0, cut));
            if (ids.length - UNSURE >= most) {
                return ids;
            }
        }
        return tokenizer.encode(document);
    }

    private long length(String document) {
        long tokens = 0;
        for (int from = 0; from < document.length(); ) {
            int to = wordEnd(document, (int) Math.min(document.length(), (long) from + LONG));
            tokens += tokenizer.encode(document.substring(from, to)).length;
            from = to;
        }
        return tokens;
    }

    private static int wordEnd(String document, int from) {
        int at = from;
        while (at < document.length() && !(isBlank(document, at) && !isBlank(document, at - 1))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(String document, int at) {
        return Character.isWhitespace(document.charAt(at));
    }
}
