package coterie.model.text;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The positions of the documents of the shared set and of each user in the order in which documents are dealt. With it
 * a machine reads the text of the users that it hosts without tokenizing that of all others.
 *
 * <p>The documents of a user in a category are consecutive within a phase, so a begin and an end per phase and category
 * suffice.
 */
public final class DocumentIndex {
    /** The key of the shared set, which is dealt before all users. */
    private static final int SHARED = -1;

    /** Begin and end for each category in each phase, [2 categories], by user. */
    private final SortedMap<Integer, List<int[]>> ranges;
    /** Positions of duplicates, which are not dealt, by category. */
    private final BitSet[] copies;

    private DocumentIndex(SortedMap<Integer, List<int[]>> ranges, BitSet[] copies) {
        this.ranges = ranges;
        this.copies = copies;
    }

    /** Builds an index while documents are dealt. */
    static final class Builder {
        private final SortedMap<Integer, List<int[]>> ranges = new TreeMap<>();
        private final int categories;
        private int[] open;
        private BitSet[] copies;

        Builder(int categories) {
            this.categories = categories;
            open = new int[2 * categories];
            ranges.put(SHARED, List.of(open));
        }

        /** Starts the documents of a user in its first phase, or in the one after its last. */
        void begin(int user, List<DocumentPile> piles) {
            end(piles);
            open = new int[2 * categories];
            for (int c = 0; c < categories; c++) {
                open[2 * c] = piles.get(c).position();
            }
            ranges.computeIfAbsent(user, u -> new ArrayList<>(1)).add(open);
        }

        /** Ends the documents of the last user. */
        void end(List<DocumentPile> piles) {
            for (int c = 0; c < categories; c++) {
                open[2 * c + 1] = piles.get(c).position();
            }
            copies = piles.stream().map(DocumentPile::copies).toArray(BitSet[]::new);
        }

        DocumentIndex build() {
            return new DocumentIndex(ranges, copies);
        }
    }

    /** Returns the users in this index in ascending order. */
    public int[] users() {
        return ranges.keySet().stream()
                .mapToInt(u -> u)
                .filter(u -> u != SHARED)
                .toArray();
    }

    /**
     * Returns the index of some users and the shared set.
     *
     * @throws IllegalArgumentException if one of them is not in this index
     */
    public DocumentIndex of(int[] users) {
        SortedMap<Integer, List<int[]>> some = new TreeMap<>();
        some.put(SHARED, ranges.get(SHARED));
        for (int u : users) {
            if (!ranges.containsKey(u)) {
                throw new IllegalArgumentException("user " + u + " is not among users " + Arrays.toString(users()));
            }
            some.put(u, ranges.get(u));
        }
        BitSet[] left = new BitSet[copies.length];
        for (int c = 0; c < left.length; c++) {
            left[c] = covered(some, c);
            left[c].and(copies[c]);
        }
        return new DocumentIndex(some, left);
    }

    /** Returns the positions of documents in a category that are dealt to these users or the shared set. */
    BitSet documents(int category) {
        BitSet at = covered(ranges, category);
        at.andNot(copies[category]);
        return at;
    }

    private static BitSet covered(SortedMap<Integer, List<int[]>> ranges, int category) {
        BitSet at = new BitSet();
        ranges.values().forEach(phases -> phases.forEach(r -> at.set(r[2 * category], r[2 * category + 1])));
        return at;
    }

    /** Returns the index as bytes for {@link #read}. */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(copies.length);
            for (BitSet c : copies) {
                out.writeInt(c.cardinality());
                for (int at = c.nextSetBit(0); at >= 0; at = c.nextSetBit(at + 1)) {
                    out.writeInt(at);
                }
            }
            out.writeInt(ranges.size());
            ranges.forEach((user, phases) -> write(out, user, phases));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, int user, List<int[]> phases) {
        try {
            out.writeInt(user);
            out.writeInt(phases.size());
            for (int[] range : phases) {
                for (int end : range) {
                    out.writeInt(end);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads an index.
     *
     * @throws IOException if the bytes are not those of an index
     */
    public static DocumentIndex read(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            BitSet[] copies = new BitSet[length(in, bytes)];
            for (int c = 0; c < copies.length; c++) {
                copies[c] = new BitSet();
                for (int left = length(in, bytes); left > 0; left--) {
                    copies[c].set(position(in));
                }
            }
            SortedMap<Integer, List<int[]>> ranges = new TreeMap<>();
            for (int left = length(in, bytes); left > 0; left--) {
                int user = in.readInt();
                List<int[]> phases = new ArrayList<>(1);
                for (int phase = length(in, bytes); phase > 0; phase--) {
                    phases.add(range(in, copies.length));
                }
                ranges.put(user, phases);
            }
            if (!ranges.containsKey(SHARED) || ranges.firstKey() != SHARED) {
                throw new IOException("an index of documents without the shared set");
            }
            return new DocumentIndex(ranges, copies);
        }
    }

    private static int[] range(DataInputStream in, int categories) throws IOException {
        int[] range = new int[2 * categories];
        for (int k = 0; k < range.length; k++) {
            range[k] = position(in);
            if (k % 2 == 1 && range[k] < range[k - 1]) {
                throw new IOException("an index of documents with a range that ends before it begins");
            }
        }
        return range;
    }

    private static int length(DataInputStream in, byte[] bytes) throws IOException {
        int n = in.readInt();
        if (n < 0 || n > bytes.length) {
            throw new IOException("an index of documents with a length of " + n);
        }
        return n;
    }

    private static int position(DataInputStream in) throws IOException {
        int at = in.readInt();
        if (at < 0) {
            throw new IOException("an index of documents with a position of " + at);
        }
        return at;
    }
}
