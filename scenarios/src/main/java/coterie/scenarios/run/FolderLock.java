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
 * A folder that one process writes into, and no other meanwhile. The operating system lets go of it when the process
 * ends, however it ends; over NFS the file server does. The file {@value #NAME} stays, and says who was last.
 */
public final class FolderLock implements AutoCloseable {
    /** In every locked folder. */
    static final String NAME = ".lock";

    private static final int LONGEST = 300;
    /** POSIX locks are a process's: a second channel of this process would get one too, and its end would end both. */
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
     * @param folder that is there
     * @throws InputException where a process has it already, or where it cannot be written to
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

    /** @return false where another process has it */
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

    /** Whether a file is a lock. */
    static boolean is(Path file) {
        return file.getFileName().toString().equals(NAME);
    }

    /** Lets others have it. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(key);
        }
    }
}
