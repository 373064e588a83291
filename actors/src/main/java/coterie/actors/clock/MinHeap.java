package coterie.actors.clock;

import java.util.Arrays;

/**
 * A value for each of 0 … n − 1 and the smallest of all at hand: a binary heap that knows where everybody stands. Equal
 * values: the lower id first.
 */
final class MinHeap {
    private final long[] value;
    private final int[] heap;
    private final int[] place;

    MinHeap(int n, long initial) {
        value = new long[n];
        heap = new int[n];
        place = new int[n];
        Arrays.fill(value, initial);
        for (int i = 0; i < n; i++) {
            heap[i] = i;
            place[i] = i;
        }
    }

    long get(int id) {
        return value[id];
    }

    /** Whose value is the smallest. */
    int first() {
        return heap[0];
    }

    long min() {
        return value[heap[0]];
    }

    void set(int id, long v) {
        long old = value[id];
        value[id] = v;
        if (v < old) {
            up(place[id]);
        } else if (v > old) {
            down(place[id]);
        }
    }

    private boolean before(int a, int b) {
        return value[a] != value[b] ? value[a] < value[b] : a < b;
    }

    private void up(int at) {
        while (at > 0 && before(heap[at], heap[(at - 1) / 2])) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void down(int at) {
        while (true) {
            int least = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2 && child < heap.length; child++) {
                least = before(heap[child], heap[least]) ? child : least;
            }
            if (least == at) {
                return;
            }
            swap(at, least);
            at = least;
        }
    }

    private void swap(int i, int j) {
        int id = heap[i];
        heap[i] = heap[j];
        heap[j] = id;
        place[heap[i]] = i;
        place[heap[j]] = j;
    }
}
