package coterie.scenarios.run;

import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.checkpoint.RunCodec;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.model.exchange.Snapshot;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.results.FileHash;
import coterie.topology.files.Sha256;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One checkpoint. It is read piece by piece, because a run may be larger than the memory of the process that reads it.
 *
 * <p>Layout: a line that names the format; the run's identity; wall-clock seconds of the run; length and SHA-256 of
 * each result file; pieces; the SHA-256 of everything before it. A piece is a byte that names its kind, its key, the
 * length of its content, and the content. Pieces are snapshots, each once, before or after the pieces that refer to it;
 * users; and the clock, which is last.
 */
final class CheckpointFile implements RunCheckpoint {
    private static final String FORMAT = "coterie checkpoint 9\n";
    private static final int DIGEST_BYTES = 32;
    private static final int LONGEST_TEXT = 1 << 26;
    private static final int SNAPSHOT = 1;
    private static final int USER = 2;
    private static final int CLOCK = 3;

    /** Position of a piece's content. */
    private record Place(long at, int length) {}

    /** Writes a checkpoint. */
    static final class Writer implements AutoCloseable {
        private final AtomicFiles.Aside file;
        private final MessageDigest digest = Sha256.digest();
        private final DataOutputStream data;
        private final Set<Snapshot.Key> written = new HashSet<>();

        Writer(Path path, String identity, double wallSeconds, Map<String, FileHash> files) throws IOException {
            file = AtomicFiles.aside(path);
            OutputStream hashed = new DigestOutputStream(file.out(), digest);
            data = new DataOutputStream(hashed);
            try {
                head(identity, wallSeconds, files);
            } catch (IOException e) {
                file.close();
                throw e;
            }
        }

        private void head(String identity, double wallSeconds, Map<String, FileHash> files) throws IOException {
            data.write(FORMAT.getBytes(StandardCharsets.US_ASCII));
            text(data, identity);
            data.writeDouble(wallSeconds);
            data.writeInt(files.size());
            for (Map.Entry<String, FileHash> e : files.entrySet()) {
                text(data, e.getKey());
                data.writeLong(e.getValue().bytes());
                text(data, e.getValue().sha256());
            }
        }

        private void snapshot(Snapshot s) throws IOException {
            if (s.values() != null && written.add(s.key())) {
                data.writeByte(SNAPSHOT);
                key(data, s.key());
                bytes(data, RunCodec.STANDARD.whole(s));
            }
        }

        void user(UserCheckpoint u) throws IOException {
            for (Snapshot s : u.snapshots()) {
                snapshot(s);
            }
            data.writeByte(USER);
            data.writeInt(u.user());
            data.writeInt(u.refersTo().size());
            for (Snapshot.Key k : u.refersTo()) {
                key(data, k);
            }
            bytes(data, u.state());
        }

        void finish(ClockState clock) throws IOException {
            List<Snapshot> met = new ArrayList<>();
            byte[] bytes = RunCodec.STANDARD.write(clock, met::add);
            for (Snapshot s : met) {
                snapshot(s);
                if (!written.contains(s.key())) {
                    throw new IOException("a snapshot that is under way is nowhere: " + s.key());
                }
            }
            data.writeByte(CLOCK);
            bytes(data, bytes);
            data.flush();
            file.out().write(digest.digest());
            file.commit();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private final Path path;
    private final double wallSeconds;
    private final Map<String, FileHash> files = new LinkedHashMap<>();
    private final Map<Snapshot.Key, Place> snapshots = new HashMap<>();
    private final Map<Snapshot.Key, SoftReference<Snapshot>> read = new HashMap<>();
    private final Map<Integer, Place> lives = new HashMap<>();
    private final Map<Integer, List<Snapshot.Key>> references = new HashMap<>();
    private final Place clock;

    /**
     * Opens a checkpoint and checks its hash and its run.
     *
     * @throws IOException if the file is incomplete, was changed, is of another run, or is no checkpoint
     */
    CheckpointFile(Path path, String identity) throws IOException {
        this.path = path;
        long body = Files.size(path) - DIGEST_BYTES;
        if (body < FORMAT.length() || !hashHolds(path, body)) {
            throw new IOException("it is torn or has changed since it was written");
        }
        try (Counted counted = new Counted(new BufferedInputStream(Files.newInputStream(path), 1 << 16));
                DataInputStream in = new DataInputStream(counted)) {
            if (!new String(in.readNBytes(FORMAT.length()), StandardCharsets.US_ASCII).equals(FORMAT)) {
                throw new IOException("it has another format than this version's");
            }
            if (!text(in).equals(identity)) {
                throw new IOException("it is of another run than the one that is to go on");
            }
            wallSeconds = in.readDouble();
            int n = in.readInt();
            for (int k = 0; k < n; k++) {
                files.put(text(in), new FileHash(in.readLong(), text(in)));
            }
            Place last = null;
            while (last == null) {
                last = piece(in, counted);
            }
            clock = last;
        }
    }

    /** A stream that counts its bytes. */
    private static final class Counted extends FilterInputStream {
        private long at;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            at += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int n = super.read(b, off, len);
            at += Math.max(0, n);
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(n);
            at += skipped;
            return skipped;
        }
    }

    /**
     * Notes the position of a piece.
     *
     * @return position of the clock; null for other pieces
     */
    private Place piece(DataInputStream in, Counted counted) throws IOException {
        int kind = in.readUnsignedByte();
        switch (kind) {
            case SNAPSHOT -> snapshots.put(key(in), skip(in, counted));
            case USER -> {
                int user = in.readInt();
                int n = in.readInt();
                List<Snapshot.Key> keys = new ArrayList<>();
                for (int k = 0; k < n; k++) {
                    keys.add(key(in));
                }
                references.put(user, keys);
                lives.put(user, skip(in, counted));
            }
            case CLOCK -> {
                return skip(in, counted);
            }
            default -> throw new IOException("a piece of a kind that there is not: " + kind);
        }
        return null;
    }

    private static Place skip(DataInputStream in, Counted counted) throws IOException {
        int length = in.readInt();
        Place p = new Place(counted.at, length);
        in.skipNBytes(length);
        return p;
    }

    private byte[] bytes(Place p) {
        if (p == null) {
            throw new UncheckedIOException(new IOException(path + " lacks a piece that another refers to"));
        }
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(p.length);
            while (bytes.hasRemaining()) {
                if (in.read(bytes, p.at + bytes.position()) < 0) {
                    throw new EOFException(path + " ends before its pieces do");
                }
            }
            return bytes.array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return path;
    }

    /** Wall-clock seconds of the run until the checkpoint. */
    double wallSeconds() {
        return wallSeconds;
    }

    /** Content of each result file at the checkpoint, by name. */
    Map<String, FileHash> files() {
        return files;
    }

    /** Why a run's result files do not begin with their content at the checkpoint; null if they do. */
    String misfit(Path results) throws IOException {
        for (Map.Entry<String, FileHash> f : files.entrySet()) {
            String misfit = f.getValue().misfit(results.resolve(f.getKey()));
            if (misfit != null) {
                return misfit;
            }
        }
        return null;
    }

    @Override
    public int users() {
        return lives.size();
    }

    @Override
    public ClockState clock() {
        return clock(this::snapshot);
    }

    @Override
    public ClockState clockWithoutSnapshots() {
        return clock(Snapshot::absent);
    }

    private ClockState clock(Function<Snapshot.Key, Snapshot> from) {
        try {
            return (ClockState) RunCodec.STANDARD.read(bytes(clock), from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public byte[] user(int user) {
        return bytes(lives.get(user));
    }

    @Override
    public List<Snapshot.Key> refersTo(int user) {
        return references.get(user);
    }

    @Override
    public synchronized Snapshot snapshot(Snapshot.Key key) {
        SoftReference<Snapshot> known = read.get(key);
        Snapshot s = known == null ? null : known.get();
        if (s == null) {
            try {
                s = (Snapshot) RunCodec.STANDARD.readWhole(bytes(snapshots.get(key)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            read.put(key, new SoftReference<>(s));
        }
        return s;
    }

    private static boolean hashHolds(Path file, long body) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] chunk = new byte[1 << 16];
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            for (long left = body; left > 0; ) {
                int n = in.readNBytes(chunk, 0, (int) Math.min(left, chunk.length));
                if (n == 0) {
                    return false;
                }
                left -= n;
            }
            byte[] found = digest.digest();
            return Arrays.equals(in.readNBytes(DIGEST_BYTES), found);
        }
    }

    private static void key(DataOutputStream out, Snapshot.Key k) throws IOException {
        out.writeInt(k.user());
        out.writeInt(k.turn());
        out.writeInt(k.iteration());
        out.writeLong(k.hash());
    }

    private static Snapshot.Key key(DataInputStream in) throws IOException {
        return new Snapshot.Key(in.readInt(), in.readInt(), in.readInt(), in.readLong());
    }

    private static void bytes(DataOutputStream out, byte[] b) throws IOException {
        out.writeInt(b.length);
        out.write(b);
    }

    private static void text(DataOutputStream out, String s) throws IOException {
        bytes(out, s.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LONGEST_TEXT) {
            throw new IOException("a text of " + length + " bytes");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
