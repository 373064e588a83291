package coterie.model.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Folders whose entries survive a power loss. A file that was forced may still lose its name: the name is part of the
 * folder, and is forced with it.
 */
public final class Folders {
    private Folders() {}

    /**
     * Forces the entries of a folder to disk: files created, renamed and deleted there. Does nothing on file systems
     * without this operation.
     *
     * @throws NoSuchFileException if there is no such folder
     */
    public static void force(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            // Refused: this system does not support it.
        }
    }

    /** Creates a folder and its missing parents, and forces all new entries to disk. */
    public static void create(Path folder) throws IOException {
        for (Path changed : make(folder)) {
            force(changed);
        }
    }

    /**
     * Creates a folder and its missing parents.
     *
     * @return the folders with new entries
     */
    static Set<Path> make(Path folder) throws IOException {
        Set<Path> changed = new LinkedHashSet<>();
        Path missing = folder.toAbsolutePath();
        while (missing.getParent() != null && !Files.exists(missing)) {
            missing = missing.getParent();
            changed.add(missing);
        }
        Files.createDirectories(folder);
        return changed;
    }
}
