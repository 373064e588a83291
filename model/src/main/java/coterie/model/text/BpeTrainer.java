package coterie.model.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Trains a byte-level BPE vocabulary (Sennrich, Haddow, Birch, arXiv 1508.07909, over GPT-2's bytes): starting from the
 * 256 bytes, it repeatedly merges the most frequent pair of adjacent symbols within words. Ties are resolved in favour
 * of smaller symbols, so the result is deterministic.
 */
public final class BpeTrainer {
    private final Map<String, Integer> counts = new HashMap<>();

    /** Counts the words of a text. */
    public void add(String text) {
        Matcher m = ByteLevel.WORDS.matcher(text);
        while (m.find()) {
            counts.merge(m.group(), 1, Integer::sum);
        }
    }

    /**
     * Returns the vocabulary: bytes, merged symbols in the order of merges, and {@code <|endoftext|>} last.
     *
     * @param size number of tokens, at least 257; fewer are returned if no pair is left to merge
     */
    public BpeVocabulary train(int size) {
        if (size < 257) {
            throw new IllegalArgumentException(
                    "a vocabulary needs 256 bytes and an end of text, at least 257 tokens, found " + size);
        }
        return new Merging(counts).run(size - 257);
    }

    private record Pair(int left, int right) {}

    private record Candidate(Pair pair, long count) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate o) {
            int c = Long.compare(o.count, count);
            c = c != 0 ? c : Integer.compare(pair.left, o.pair.left);
            return c != 0 ? c : Integer.compare(pair.right, o.pair.right);
        }
    }

    /** Words as sequences of symbols, with the frequency and the words of every pair. */
    private static final class Merging {
        private final List<int[]> words = new ArrayList<>();
        private final long[] weight;
        private final Map<Pair, Long> count = new HashMap<>();
        private final Map<Pair, Set<Integer>> where = new HashMap<>();
        private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
        private final List<String> symbols = new ArrayList<>();
        private final List<String[]> merges = new ArrayList<>();

        Merging(Map<String, Integer> counts) {
            for (int b = 0; b < 256; b++) {
                symbols.add(String.valueOf(ByteLevel.symbol(b)));
            }
            List<String> sorted = new ArrayList<>(counts.keySet());
            sorted.sort(null);
            weight = new long[sorted.size()];
            for (String w : sorted) {
                weight[words.size()] = counts.get(w);
                byte[] bytes = w.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                int[] ids = new int[bytes.length];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = bytes[i] & 0xff;
                }
                words.add(ids);
                enter(words.size() - 1, 1, null);
            }
            count.forEach((p, n) -> queue.add(new Candidate(p, n)));
        }

        /** Adds (sign 1) or removes (sign −1) the pairs of a word. */
        private void enter(int word, int sign, Collection<Pair> touched) {
            int[] w = words.get(word);
            for (int i = 0; i + 1 < w.length; i++) {
                Pair p = new Pair(w[i], w[i + 1]);
                count.merge(p, sign * weight[word], Long::sum);
                if (sign > 0) {
                    where.computeIfAbsent(p, k -> new HashSet<>()).add(word);
                }
                if (touched != null) {
                    touched.add(p);
                }
            }
        }

        BpeVocabulary run(int wanted) {
            while (merges.size() < wanted && !queue.isEmpty()) {
                Candidate best = queue.poll();
                if (best.count != count.getOrDefault(best.pair, 0L)) {
                    continue;
                }
                if (best.count < 2) {
                    break;
                }
                merge(best.pair);
            }
            return new BpeVocabulary(symbols, merges);
        }

        private void merge(Pair p) {
            int id = symbols.size();
            symbols.add(symbols.get(p.left) + symbols.get(p.right));
            merges.add(new String[] {symbols.get(p.left), symbols.get(p.right)});
            Set<Pair> touched = new HashSet<>();
            for (int word : where.remove(p)) {
                enter(word, -1, touched);
                words.set(word, replace(words.get(word), p, id));
                enter(word, 1, touched);
            }
            for (Pair t : touched) {
                long n = count.getOrDefault(t, 0L);
                if (n > 0) {
                    queue.add(new Candidate(t, n));
                } else {
                    count.remove(t);
                    where.remove(t);
                }
            }
        }

        private static int[] replace(int[] w, Pair p, int id) {
            int[] out = new int[w.length];
            int n = 0;
            for (int i = 0; i < w.length; i++) {
                if (i + 1 < w.length && w[i] == p.left && w[i + 1] == p.right) {
                    out[n++] = id;
                    i++;
                } else {
                    out[n++] = w[i];
                }
            }
            return Arrays.copyOf(out, n);
        }
    }
}
