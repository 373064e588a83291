package coterie.scenarios.results;

import coterie.topology.files.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A result file to which lines are added. Its length and hash are known at any moment. */
final class ResultFile extends OutputStream {
    private final FileChannel channel;
    private final MessageDigest digest = Sha256.digest();
    private long bytes;
    private long forced = -1;

    /**
     * Begins a file, or goes on with one.
     *
     * @param kept valid content; the rest is cut off; null to begin
     * @throws IOException if the file does not begin with it
     */
    ResultFile(Path file, FileHash kept) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (kept != null) {
                bytes = kept.feed(digest, Channels.newInputStream(channel));
                if (!extent().equals(kept)) {
                    throw new IOException(file + " is not as the checkpoint says: " + kept.misfit(file));
                }
            }
            channel.truncate(bytes);
            channel.position(bytes);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(b, off, len);
        while (left.hasRemaining()) {
            channel.write(left);
        }
        digest.update(b, off, len);
        bytes += len;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** The content so far. */
    FileHash extent() {
        return FileHash.of(bytes, digest);
    }

    /** Forces the content to disk. */
    void force() throws IOException {
        if (forced != bytes) {
            channel.force(true);
            forced = bytes;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
