package coterie.model.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which documents there were before, blanks around them aside: a text that stands in a source twice must not be trained
 * on by one user and tested on by another. Told apart by 128 bits of SHA-256, so that the texts themselves need not be
 * kept.
 */
public final class DealtDocuments {
    private record Key(long first, long second) {}

    private final Set<Key> seen = new HashSet<>();
    private final Map<String, Long> copies = new TreeMap<>();
    private final MessageDigest sha;

    public DealtDocuments() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether this is the first time that a document is met; a copy is counted for its category. */
    public boolean isNew(String category, String document) {
        ByteBuffer hash = ByteBuffer.wrap(sha.digest(document.strip().getBytes(StandardCharsets.UTF_8)));
        boolean fresh = seen.add(new Key(hash.getLong(), hash.getLong()));
        if (!fresh) {
            copies.merge(category, 1L, Long::sum);
        }
        return fresh;
    }

    /** What a person should know of copies: a line, or none. */
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
