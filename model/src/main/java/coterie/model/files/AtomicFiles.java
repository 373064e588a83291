package coterie.model.files;

import coterie.topology.files.FileProblems;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that are either whole or not there: written aside, synced, renamed. */
public final class AtomicFiles {
    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFiles() {
    }

    /** A file that is being written aside. It comes into being by {@link #commit}, or leaves nothing. */
    public static final class Aside implements AutoCloseable {
        private final Path file;
        private final Path aside;
        private final FileChannel channel;
        private final OutputStream out;

        private Aside(Path named) throws IOException {
            // What a link leads to is replaced, and not the link.
            file = Files.isSymbolicLink(named) && Files.exists(named) ? named.toRealPath() : named.toAbsolutePath();
            try {
                Files.createDirectories(file.getParent());
                aside = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".part");
            } catch (FileSystemException e) {
                // The name that is meant, and not that of the file aside.
                throw new FileSystemException(file.toString(), null, FileProblems.reason(e));
            }
            channel = FileChannel.open(aside, StandardOpenOption.WRITE);
            out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        }

        /** Where its content goes. */
        public OutputStream out() {
            return out;
        }

        /** Everything is written: replaces the file by it. @throws IOException where it cannot; the old file is then still what it was */
        public void commit() throws IOException {
            out.flush();
            channel.force(true);
            Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(aside);
        }
    }

    /** Begins a file; {@link Aside#close} it whatever happens. */
    public static Aside aside(Path file) throws IOException {
        return new Aside(file);
    }

    /**
     * Replaces {@code file} by this content; on any failure the old file, if there was one, is still what it was. Into a device or a pipe it is
     * written as into any other place.
     */
    public static void write(Path file, Content content) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.WRITE), 1 << 16)) {
                content.writeTo(out);
            }
            return;
        }
        try (Aside aside = aside(file)) {
            content.writeTo(aside.out());
            aside.commit();
        }
    }

    /** {@link #write(Path, Content)} of a text. */
    public static void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
