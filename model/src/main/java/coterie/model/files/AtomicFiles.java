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
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Files that are either whole or not there, after a killed process as after a power loss: written aside, forced to
 * disk, renamed, and the folder forced to disk. A process that is killed meanwhile leaves the file aside;
 * {@link #sweep} deletes it.
 */
public final class AtomicFiles {
    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static final int BUFFER = 1 << 16;

    private AtomicFiles() {}

    /** A file that is being written aside. It comes into being by {@link #commit}, or leaves nothing. */
    public static final class Aside implements AutoCloseable {
        private final Path file;
        private final PartFile part;
        private final OutputStream out;
        private final Set<Path> changed;

        private Aside(Path named) throws IOException {
            // What a link leads to is replaced, and not the link.
            file = Files.isSymbolicLink(named) && Files.exists(named) ? named.toRealPath() : named.toAbsolutePath();
            try {
                changed = Folders.make(file.getParent());
                part = PartFile.create(file);
            } catch (FileSystemException e) {
                // The name that is meant, and not that of the file aside.
                throw new FileSystemException(file.toString(), null, FileProblems.reason(e));
            }
            out = new BufferedOutputStream(Channels.newOutputStream(part.channel()), BUFFER);
        }

        /** Where its content goes. */
        public OutputStream out() {
            return out;
        }

        /**
         * Everything is written: replaces the file by it.
         *
         * @throws IOException where it cannot; the old file is then still what it was
         */
        public void commit() throws IOException {
            for (Path folder : rename()) {
                Folders.force(folder);
            }
        }

        /**
         * Replaces the file.
         *
         * @return the folders that have not been forced to disk yet
         */
        private Set<Path> rename() throws IOException {
            out.flush();
            Files.setPosixFilePermissions(part.path(), PosixFilePermissions.fromString("rw-r--r--"));
            part.channel().force(true);
            Files.move(part.path(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            changed.add(file.getParent());
            return changed;
        }

        @Override
        public void close() throws IOException {
            part.close();
        }
    }

    /**
     * Many small files that are written one after the other and made to last together. Each is whole or not there, but
     * only {@link #force} makes sure that they are there: a folder is forced once for all files in it.
     */
    public static final class Group {
        private final Set<Path> folders = new LinkedHashSet<>();

        /** As {@link AtomicFiles#write(Path, Content)}; until {@link #force} a power loss may take it away. */
        public void write(Path file, Content content) throws IOException {
            if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
                OutputStream to = Files.newOutputStream(file, StandardOpenOption.WRITE);
                try (OutputStream out = new BufferedOutputStream(to, BUFFER)) {
                    content.writeTo(out);
                }
                return;
            }
            try (Aside aside = aside(file)) {
                content.writeTo(aside.out());
                folders.addAll(aside.rename());
            }
        }

        /** When this returns, all files are on disk. */
        public void force() throws IOException {
            for (Path folder : folders) {
                Folders.force(folder);
            }
            folders.clear();
        }
    }

    /** Begins a file; {@link Aside#close} it whatever happens. */
    public static Aside aside(Path file) throws IOException {
        return new Aside(file);
    }

    /**
     * Replaces {@code file} by this content; on any failure the old file, if there was one, is still what it was. Into
     * a device or a pipe it is written as into any other place.
     */
    public static void write(Path file, Content content) throws IOException {
        Group one = new Group();
        one.write(file, content);
        one.force();
    }

    /** {@link #write(Path, Content)} of a text. */
    public static void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Forces a file that another program or library has written, and its name, to disk. */
    public static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Folders.force(file.toAbsolutePath().getParent());
    }

    /**
     * Deletes the files aside that killed processes have left in a folder. Those of living processes stay; on file
     * systems without locks, all do. Nothing happens where there is no such folder.
     *
     * @param names of the files whose leftovers are deleted
     */
    public static void sweep(Path folder, Predicate<String> names) throws IOException {
        PartFile.sweep(folder, names);
    }
}
