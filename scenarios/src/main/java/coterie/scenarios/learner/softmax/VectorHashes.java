package coterie.scenarios.learner.softmax;

import coterie.model.vectors.Rows;
import coterie.model.vectors.VectorDataset;
import coterie.model.vectors.VectorUser;
import coterie.scenarios.learner.DataIndex;
import coterie.topology.files.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Hashes of users' vectors: machines compare them for the users that one of them hosts. */
final class VectorHashes {
    private VectorHashes() {}

    /** Hash of a user's rows in all phases. */
    static byte[] of(VectorUser user) {
        MessageDigest sha = Sha256.digest();
        for (VectorUser phase : user.phases()) {
            add(sha, phase.train());
            add(sha, phase.validation());
            add(sha, phase.test());
        }
        return sha.digest();
    }

    private static void add(MessageDigest sha, Rows rows) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (1 + rows.size()));
        bytes.asIntBuffer().put(rows.size()).put(rows.labels());
        sha.update(bytes);
        ByteBuffer row = ByteBuffer.allocate(Float.BYTES * rows.inputs());
        for (int r = 0; r < rows.size(); r++) {
            row.clear().asFloatBuffer().put(rows.x(), r * rows.inputs(), rows.inputs());
            sha.update(row.array());
        }
    }

    /**
     * One hash of the names of inputs and labels, and of some users.
     *
     * @param users hashes of these users
     */
    static String of(VectorDataset dataset, Iterable<byte[]> users) {
        MessageDigest sha = Sha256.digest();
        sha.update((dataset.inputs() + " " + dataset.classes()).getBytes(StandardCharsets.UTF_8));
        users.forEach(sha::update);
        return DataIndex.PREFIX + Sha256.hex(sha);
    }
}
