package coterie.model.text;

import coterie.topology.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Detects duplicates of documents that were already dealt, ignoring surrounding white space: a document that occurs
 * twice in a source must not be in one user's training data and another's test data. Documents are compared by 128 bits
 * of their SHA-256, so that the texts need not be kept.
 */
public final class DealtDocuments {
    private record Key(long first, long second) {}

    private final Set<Key> seen = new HashSet<>();
    private final Map<String, Long> copies = new TreeMap<>();
    private final MessageDigest sha = Sha256.digest();

    /** Whether a document was not seen before; a duplicate is counted for its category. */
    public boolean isNew(String category, String document) {
        ByteBuffer hash = ByteBuffer.wrap(sha.digest(document.strip().getBytes(StandardCharsets.UTF_8)));
        boolean fresh = seen.add(new Key(hash.getLong(), hash.getLong()));
        if (!fresh) {
            copies.merge(category, 1L, Long::sum);
        }
        return fresh;
    }

    /** Returns a note on duplicates, if there were any. */
    public List<String> notes() {
        if (copies.isEmpty()) {
            return List.of();
        }
        List<String> each = new ArrayList<>();
        copies.forEach((category, n) -> each.add(category + " " + n));
        return List.of("dropped, since the same document was dealt before: " + String.join(", ", each)
                + " (exact copies; no document is with two users, or in both training and test text)");
    }
}
