package coterie.scenarios.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;

/**
 * The default file system, which writes down everything that is done to files below a root. Nothing is forced in
 * earnest: that would only take time.
 */
final class RecordingFiles extends FilterFileSystemProvider {
    private final Path root;
    private final List<DiskStep> steps = new ArrayList<>();
    private final Map<String, Integer> files = new HashMap<>();
    private int made;

    /** @param root a folder of the default file system */
    RecordingFiles(Path root) {
        super("recording://", FileSystems.getDefault());
        this.root = root;
    }

    /** The root, seen through this file system. */
    Path root() {
        return wrapPath(root);
    }

    /** Operations since the last call. */
    synchronized List<DiskStep> steps() {
        List<DiskStep> all = List.copyOf(steps);
        steps.clear();
        return all;
    }

    private synchronized void done(DiskStep step) {
        steps.add(step);
    }

    private String name(Path path) {
        return root.relativize(toDelegate(path).toAbsolutePath()).toString();
    }

    private int file(Path path) {
        return files.computeIfAbsent(name(path), n -> {
            done(new DiskStep.Found(n, made));
            return made++;
        });
    }

    @Override
    public synchronized void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        super.createDirectory(folder, attributes);
        done(new DiskStep.MakeFolder(name(folder)));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        super.delete(path);
        removed(path);
    }

    @Override
    public synchronized boolean deleteIfExists(Path path) throws IOException {
        boolean was = super.deleteIfExists(path);
        if (was) {
            removed(path);
        }
        return was;
    }

    private void removed(Path path) {
        files.remove(name(path));
        done(new DiskStep.Remove(name(path)));
    }

    @Override
    public synchronized void move(Path from, Path to, CopyOption... options) throws IOException {
        super.move(from, to, options);
        files.remove(name(to));
        Integer file = files.remove(name(from));
        if (file != null) {
            files.put(name(to), file);
        }
        done(new DiskStep.Rename(name(from), name(to)));
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) {
        throw new UnsupportedOperationException("not recorded: copy");
    }

    @Override
    public void createSymbolicLink(Path link, Path to, FileAttribute<?>... attributes) {
        throw new UnsupportedOperationException("not recorded: links");
    }

    @Override
    public void createLink(Path link, Path to) {
        throw new UnsupportedOperationException("not recorded: links");
    }

    @Override
    public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
        return Channels.newInputStream(newFileChannel(path, Set.of(StandardOpenOption.READ)));
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
        Set<OpenOption> how = options.length > 0
                ? new java.util.HashSet<>(Set.of(options))
                : new java.util.HashSet<>(Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
        how.add(StandardOpenOption.WRITE);
        return Channels.newOutputStream(newFileChannel(path, how));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public synchronized FileChannel newFileChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        if (options.contains(StandardOpenOption.APPEND)) {
            throw new UnsupportedOperationException("not recorded: APPEND");
        }
        if (Files.isDirectory(path)) {
            return new Folder(super.newFileChannel(path, options, attributes), name(path));
        }
        boolean was = Files.exists(path);
        FileChannel channel = super.newFileChannel(path, options, attributes);
        if (!was) {
            files.put(name(path), made);
            done(new DiskStep.Create(name(path), made++));
        } else if (options.containsAll(Set.of(StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))) {
            done(new DiskStep.Cut(file(path), 0));
        }
        return new Recorded(channel, file(path));
    }

    /** A folder that was opened to be forced. */
    private final class Folder extends FilterFileChannel {
        private final String name;

        Folder(FileChannel channel, String name) {
            super(channel);
            this.name = name;
        }

        @Override
        public void force(boolean metaData) {
            done(new DiskStep.ForceFolder(name));
        }
    }

    private final class Recorded extends FilterFileChannel {
        private final int file;

        Recorded(FileChannel channel, int file) {
            super(channel);
            this.file = file;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            long at = position();
            byte[] bytes = new byte[from.remaining()];
            from.duplicate().get(bytes);
            int n = super.write(from);
            done(new DiskStep.Write(file, at, java.util.Arrays.copyOf(bytes, n)));
            return n;
        }

        @Override
        public FileChannel truncate(long length) throws IOException {
            if (length < size()) {
                super.truncate(length);
                done(new DiskStep.Cut(file, length));
            }
            return this;
        }

        @Override
        public void force(boolean metaData) {
            done(new DiskStep.Force(file));
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) {
            throw new UnsupportedOperationException("not recorded: gathering writes");
        }

        @Override
        public int write(ByteBuffer from, long position) {
            throw new UnsupportedOperationException("not recorded: writes at a position");
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long position, long count) {
            throw new UnsupportedOperationException("not recorded: transfers");
        }
    }
}
