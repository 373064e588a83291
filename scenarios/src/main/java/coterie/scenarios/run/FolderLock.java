package coterie.scenarios.run;

import coterie.scenarios.config.InputException;
import coterie.topology.files.FileProblems;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/**
 * A lock on a folder into which only one process may write. The operating system (over NFS, the file server) releases
 * it when the process ends. The file {@value #NAME} stays, and names the last process.
 */
public final class FolderLock implements AutoCloseable {
    /** The lock's file in the folder. */
    static final String NAME = ".lock";

    private static final int LONGEST = 300;
    /**
     * POSIX locks belong to the process: a second channel of this process would be granted the lock too, and closing it
     * would release both.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path key;
    private final FileChannel channel;

    private FolderLock(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * Locks a folder.
     *
     * @param folder that exists
     * @throws InputException if a process has locked it, or it is not writable
     */
    public static FolderLock take(Path folder) throws IOException {
        if (Files.isSymbolicLink(folder.resolve(NAME))) {
            throw new InputException(folder.resolve(NAME) + " is a link; it must be a file of the folder's own");
        }
        Path key = folder.toRealPath();
        if (!HELD.add(key)) {
            throw inUse(folder, "this process");
        }
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(
                    folder.resolve(NAME),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            if (lock(folder, channel)) {
                taken = true;
                sign(channel);
                return new FolderLock(key, channel);
            }
            throw inUse(folder, holder(channel));
        } catch (FileSystemException e) {
            throw new InputException(folder + ": a run must write there: " + FileProblems.reason(e));
        } finally {
            if (!taken) {
                HELD.remove(key);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static InputException inUse(Path folder, String by) {
        return new InputException(folder + " is in use by " + by
                + ": only one process at a time may write there; wait for its end, or use another folder");
    }

    /** @return false if another process holds the lock */
    private static boolean lock(Path folder, FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (IOException e) {
            LoggerFactory.getLogger(FolderLock.class)
                    .warn(
                            "{} lies on a file system without locks ({}): a second"
                                    + " process that writes there would not be noticed",
                            folder,
                            e.getMessage());
            return true;
        }
    }

    private static void sign(FileChannel channel) throws IOException {
        String text = "process " + ProcessHandle.current().pid() + " on " + host() + " since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST);
        channel.read(text);
        String line = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        return line.isEmpty() ? "another process" : Shown.of(line, LONGEST);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this machine";
        }
    }

    /**
     * Whether a process has locked a folder. A folder that cannot be read, and one without a lock's file, count as not
     * locked.
     */
    public static boolean isHeld(Path folder) {
        try {
            // Reading the file and closing it would release a lock of this process.
            if (HELD.contains(folder.toRealPath())) {
                return true;
            }
            try (FileChannel channel =
                    FileChannel.open(folder.resolve(NAME), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                return channel.tryLock(0, Long.MAX_VALUE, true) == null;
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a file is a lock. */
    static boolean is(Path file) {
        return file.getFileName().toString().equals(NAME);
    }

    /** Deletes the lock's file, so that the folder can be deleted. */
    void delete() throws IOException {
        Files.deleteIfExists(key.resolve(NAME));
    }

    /** Releases the lock. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(key);
        }
    }
}
