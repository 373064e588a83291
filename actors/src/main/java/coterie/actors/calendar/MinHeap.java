package coterie.actors.calendar;

import java.util.Arrays;

/**
 * A binary heap of a value for each of the ids 0 … n − 1, whose values can be changed. Of equal values the lower id is
 * first.
 */
public final class MinHeap {
    private final long[] value;
    private final int[] heap;
    /** Index of each id in the heap. */
    private final int[] place;

    /** Creates a heap of n equal values. */
    public MinHeap(int n, long initial) {
        value = new long[n];
        heap = new int[n];
        place = new int[n];
        Arrays.fill(value, initial);
        for (int i = 0; i < n; i++) {
            heap[i] = i;
            place[i] = i;
        }
    }

    /** The value of an id. */
    public long get(int id) {
        return value[id];
    }

    /** The id of the smallest value. */
    public int first() {
        return heap[0];
    }

    /** The smallest value. */
    public long min() {
        return value[heap[0]];
    }

    /** Changes the value of an id. */
    public void set(int id, long v) {
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

    private void up(int from) {
        int at = from;
        while (at > 0 && before(heap[at], heap[(at - 1) / 2])) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void down(int from) {
        int at = from;
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
