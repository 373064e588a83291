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
 * Writes files that are complete or do not exist, even after a killed process or a power loss: content goes into a
 * temporary file, which is forced to disk and renamed; then the folder is forced to disk. A process that is killed
 * meanwhile leaves the temporary file; {@link #sweep} deletes it.
 */
public final class AtomicFiles {
    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static final int BUFFER = 1 << 16;

    private AtomicFiles() {}

    /** A temporary file. {@link #commit} turns it into the file; otherwise nothing remains. */
    public static final class Aside implements AutoCloseable {
        private final Path file;
        private final PartFile part;
        private final OutputStream out;
        private final Set<Path> changed;

        private Aside(Path named) throws IOException {
            // Replaces the target of a link, not the link.
            file = Files.isSymbolicLink(named) && Files.exists(named) ? named.toRealPath() : named.toAbsolutePath();
            try {
                changed = Folders.make(file.getParent());
                part = PartFile.create(file);
            } catch (FileSystemException e) {
                // The name of the file, not that of the temporary file.
                throw new FileSystemException(file.toString(), null, FileProblems.reason(e));
            }
            out = new BufferedOutputStream(Channels.newOutputStream(part.channel()), BUFFER);
        }

        /** The stream for its content. */
        public OutputStream out() {
            return out;
        }

        /**
         * Ends writing and replaces the file by it.
         *
         * @throws IOException if this fails; the old file is then unchanged
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
     * Many small files that are written one after the other and forced to disk together. Each is complete or does not
     * exist; {@link #force} ensures that all exist, with one force of each folder.
     */
    public static final class Group {
        private final Set<Path> folders = new LinkedHashSet<>();

        /** As {@link AtomicFiles#write(Path, Content)}; until {@link #force} a power loss may remove it. */
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

        /** Forces all files to disk. */
        public void force() throws IOException {
            for (Path folder : folders) {
                Folders.force(folder);
            }
            folders.clear();
        }
    }

    /** Begins a file. The caller must {@link Aside#close} it in any case. */
    public static Aside aside(Path file) throws IOException {
        return new Aside(file);
    }

    /**
     * Replaces {@code file} by this content. On failure the old file, if there was one, is unchanged. Devices and pipes
     * are written to directly.
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
     * Deletes the temporary files that killed processes have left in a folder. Those of running processes stay; on file
     * systems without locks, all do. Does nothing if there is no such folder.
     *
     * @param names selects the files whose temporary files are deleted
     */
    public static void sweep(Path folder, Predicate<String> names) throws IOException {
        PartFile.sweep(folder, names);
    }
}
