package coterie.model.pretrain;

import coterie.model.text.Tokenizer;
import coterie.topology.random.RandomStream;
import java.util.Arrays;

/** Tokens of one source of text, with documents separated by the end-of-text token. */
final class TokenStream {
    private int[] tokens = new int[1 << 16];
    private int size;

    void add(String document, Tokenizer tokenizer) {
        add(tokenizer.separator());
        add(tokenizer.encode(document));
    }

    private void add(int[] ids) {
        if (size + ids.length > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(2 * tokens.length, size + ids.length));
        }
        System.arraycopy(ids, 0, tokens, size, ids.length);
        size += ids.length;
    }

    int size() {
        return size;
    }

    /** Copies a random window of {@code length} tokens, and the same window shifted by one token. */
    void window(RandomStream stream, int length, long[] ids, long[] targets, int at) {
        copy(stream.below(size - length), length, ids, targets, at);
    }

    void copy(int from, int length, long[] ids, long[] targets, int at) {
        for (int i = 0; i < length; i++) {
            ids[at + i] = tokens[from + i];
            targets[at + i] = tokens[from + i + 1];
        }
    }
}
