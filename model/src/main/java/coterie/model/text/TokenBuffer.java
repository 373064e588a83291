package coterie.model.text;

import java.util.Arrays;

/** A growable array of token ids, sized by the available rather than the requested text. */
final class TokenBuffer {
    private int[] ids = new int[1024];
    private int size;

    void add(int[] more, int n) {
        if (size + n > ids.length) {
            ids = Arrays.copyOf(ids, (int) Math.max(size + n, Math.min(Integer.MAX_VALUE - 16L, 2L * ids.length)));
        }
        System.arraycopy(more, 0, ids, size, n);
        size += n;
    }

    int size() {
        return size;
    }

    int[] toArray() {
        return ids.length == size ? ids : Arrays.copyOf(ids, size);
    }
}
