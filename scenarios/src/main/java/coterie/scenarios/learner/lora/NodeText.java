package coterie.scenarios.learner.lora;

import coterie.model.text.DocumentIndex;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * What a node needs to find the text of its users, besides the scenario.
 *
 * @param index where the users' documents stand
 * @param shared X_S, [categories of X_S][tokens]; which of its documents users have is known only where all text is
 *     dealt
 */
record NodeText(DocumentIndex index, int[][] shared) {
    /** Returns the bytes for {@link #read}. */
    byte[] bytes() {
        byte[] documents = index.bytes();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(shared.length);
            for (int[] tokens : shared) {
                ByteBuffer ids = ByteBuffer.allocate(Integer.BYTES * tokens.length);
                ids.asIntBuffer().put(tokens);
                out.writeInt(tokens.length);
                out.write(ids.array());
            }
            out.write(documents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what another machine has written.
     *
     * @throws IOException if the bytes are not those of users' text
     */
    static NodeText read(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int[][] shared = new int[length(in, in.readInt())][];
            for (int c = 0; c < shared.length; c++) {
                shared[c] = new int[length(in, in.readInt())];
                byte[] ids = in.readNBytes(Integer.BYTES * shared[c].length);
                if (ids.length < Integer.BYTES * shared[c].length) {
                    throw new IOException("a shared set that ends after " + ids.length + " bytes");
                }
                ByteBuffer.wrap(ids).asIntBuffer().get(shared[c]);
            }
            return new NodeText(DocumentIndex.read(in.readAllBytes()), shared);
        }
    }

    private static int length(DataInputStream in, int found) throws IOException {
        if (found < 0 || found > in.available()) {
            throw new IOException("a shared set with a length of " + found);
        }
        return found;
    }
}
