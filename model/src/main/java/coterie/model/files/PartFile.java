package coterie.model.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A temporary file of {@link AtomicFiles}: {@code .NAME<digits>.part}, beside the file that it will replace. Its writer
 * holds a lock on it, which the system releases when the process dies. This distinguishes files of killed processes
 * from those that another process is writing.
 */
final class PartFile implements AutoCloseable {
    private static final String SUFFIX = ".part";
    private static final Pattern NAMES = Pattern.compile("[.](.+?)[0-9]{1,20}[.]part");
    /**
     * Those of this process. They are never opened a second time: when any channel to a file is closed, the system's
     * lock on it may be lost.
     */
    private static final Set<Path> OPEN = new HashSet<>();

    private final Path path;
    private final FileChannel channel;

    private PartFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Creates one.
     *
     * @param file that it will replace; its folder must exist
     */
    static PartFile create(Path file) throws IOException {
        while (true) {
            PartFile created = tryCreate(file);
            if (created != null) {
                return created;
            }
        }
    }

    private static PartFile tryCreate(Path file) throws IOException {
        synchronized (OPEN) {
            Path path = Files.createTempFile(file.getParent().toRealPath(), "." + file.getFileName(), SUFFIX);
            FileChannel channel;
            try {
                channel = FileChannel.open(path, StandardOpenOption.WRITE);
            } catch (NoSuchFileException e) {
                // Another process deleted it as a leftover before it was locked.
                return null;
            }
            try {
                if (taken(channel) || !Files.exists(path)) {
                    channel.close();
                    Files.deleteIfExists(path);
                    return null;
                }
                OPEN.add(path);
                return new PartFile(path, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
    }

    /** Whether another process has locked it; otherwise this one has, if the file system has locks. */
    private static boolean taken(FileChannel channel) {
        try {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Deletes the temporary files in a folder that no process is writing.
     *
     * @param names selects the files that they would replace
     */
    static void sweep(Path folder, Predicate<String> names) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder.toRealPath(), ".*" + SUFFIX)) {
            for (Path path : all) {
                Matcher name = NAMES.matcher(path.getFileName().toString());
                if (name.matches() && names.test(name.group(1))) {
                    sweep(path);
                }
            }
        }
    }

    private static void sweep(Path path) {
        synchronized (OPEN) {
            if (OPEN.contains(path)) {
                return;
            }
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                if (lock != null) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException | OverlappingFileLockException e) {
                // It stays: it belongs to another process, or this file system has no locks.
            }
        }
    }

    Path path() {
        return path;
    }

    FileChannel channel() {
        return channel;
    }

    /** Deletes it, unless it has been renamed. */
    @Override
    public void close() throws IOException {
        synchronized (OPEN) {
            OPEN.remove(path);
            channel.close();
            Files.deleteIfExists(path);
        }
    }
}
