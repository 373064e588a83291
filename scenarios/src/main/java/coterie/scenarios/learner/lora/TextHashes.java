package coterie.scenarios.learner.lora;

import coterie.model.text.UserData;
import coterie.scenarios.learner.DataIndex;
import coterie.topology.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/** Hashes of the tokens of the shared set and of users: machines compare them for the users that one of them hosts. */
final class TextHashes {
    private byte[] shared;
    private final Map<Integer, byte[]> users = new TreeMap<>();

    /** Sets X_S, [categories][tokens]. */
    void shared(int[][] tokens) {
        shared = hash(tokens);
    }

    /** Adds a user's data of its first phase, or of the one after that added last. */
    void add(int user, UserData phase) {
        users.merge(user, hash(phase.train(), phase.validation(), phase.test()), (before, own) -> {
            MessageDigest sha = Sha256.digest();
            sha.update(before);
            sha.update(own);
            return sha.digest();
        });
    }

    /**
     * One hash of a base and the text of some users.
     *
     * @param base hash of the base
     * @param hosted users whose data was added
     */
    String of(String base, int[] hosted) {
        MessageDigest sha = Sha256.digest();
        sha.update(base.getBytes(StandardCharsets.UTF_8));
        sha.update(shared);
        for (int user : hosted) {
            sha.update(users.get(user));
        }
        return DataIndex.PREFIX + Sha256.hex(sha);
    }

    private static byte[] hash(int[]... parts) {
        MessageDigest sha = Sha256.digest();
        for (int[] tokens : parts) {
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (1 + tokens.length));
            bytes.asIntBuffer().put(tokens.length).put(tokens);
            sha.update(bytes);
        }
        return sha.digest();
    }
}
