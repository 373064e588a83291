package coterie.model.text;

import java.util.BitSet;
import java.util.Iterator;

/** The documents of a category that are not dealt yet, in the order in which they are dealt. */
final class DocumentPile {
    /** A document with more characters is tokenized only as far as its tokens are wanted. */
    private static final int LONG = 1 << 18;
    /** The last tokens before a cut: with more text after it they might differ. */
    private static final int UNSURE = 64;

    private final String category;
    private final Iterator<String> documents;
    private final Tokenizer tokenizer;
    private final long wanted;
    private final DealtDocuments dealt;
    private final int[] endOfText;
    private final BitSet copies = new BitSet();
    private long taken;
    private long read;
    private int position;

    /**
     * @param wanted tokens that all users and the shared set take of it
     * @param dealt tells copies; null if {@code documents} holds none
     */
    DocumentPile(String category, Iterator<String> documents, Tokenizer tokenizer, long wanted, DealtDocuments dealt) {
        this.category = category;
        this.documents = documents;
        this.tokenizer = tokenizer;
        this.wanted = wanted;
        this.dealt = dealt;
        endOfText = new int[] {tokenizer.endOfText()};
    }

    /** Documents drawn so far, copies included. */
    int position() {
        return position;
    }

    /** Positions of copies, which are not dealt. */
    BitSet copies() {
        return copies;
    }

    /**
     * Adds documents, each after an end of text, until the buffer holds {@code to} tokens. The rest of the last
     * document is dropped.
     */
    void take(TokenBuffer out, int to) {
        int from = out.size();
        while (out.size() < to) {
            String document = next();
            if (document == null) {
                throw tooLittle(taken + out.size() - from);
            }
            out.add(endOfText, 1);
            int most = to - out.size();
            int[] ids = most == 0 ? endOfText : encode(document, most);
            out.add(ids, Math.min(ids.length, most));
        }
        taken += to - from;
    }

    /** @throws DataException if all documents together have fewer tokens than are wanted */
    void requireEnough() {
        long tokens = 0;
        for (String document = next(); document != null && tokens < wanted; document = next()) {
            tokens += 1 + length(document);
        }
        if (tokens < wanted) {
            throw tooLittle(tokens);
        }
    }

    private DataException tooLittle(long tokens) {
        if (dealt == null) {
            return new DataException("category " + category + " ends before the documents of this run's users: the text"
                    + " here is not the text with which the run was started");
        }
        return new DataException("category " + category + " has about " + tokens + " tokens in " + read
                + (read == 1 ? " document" : " documents")
                + ", wanted are " + wanted
                + " for all users and the shared set: ask for fewer users or tokens (no document is in two parts:"
                + " what is left of it when a part is full is dropped)");
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

    /** The ids of a document; of a very long one the first {@code most} or more. */
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
