package coterie.model.text;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Picks the wanted documents of a category while all are read, and returns them in the order in which they are dealt.
 */
final class WantedDocuments {
    private final int[] places;
    private final BitSet wanted = new BitSet();
    private final Map<Integer, String> kept = new HashMap<>();
    private int place;

    /**
     * @param order for each position in dealing the place of the document in the files
     * @param at the positions wanted; those behind the last document are ignored
     */
    WantedDocuments(int[] order, BitSet at) {
        places = at.stream().filter(k -> k < order.length).map(k -> order[k]).toArray();
        Arrays.stream(places).forEach(wanted::set);
    }

    /** Takes the next document of the files; returns whether it is kept. */
    boolean offer(String document) {
        int here = place++;
        if (wanted.get(here)) {
            kept.put(here, document);
        }
        return wanted.get(here);
    }

    /** Returns the documents kept, each once. */
    Iterator<String> iterator() {
        return Arrays.stream(places).mapToObj(kept::remove).iterator();
    }
}
