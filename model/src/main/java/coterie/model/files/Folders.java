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
 * Folders whose names survive a power loss. A file that was forced may still lose its name: the name is in the folder,
 * and is forced with it.
 */
public final class Folders {
    private Folders() {}

    /**
     * Forces the names in a folder to disk: what was created, renamed and deleted there. Some file systems do not offer
     * this; there it does nothing.
     *
     * @throws NoSuchFileException where there is no such folder
     */
    public static void force(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            // Refused: then the system has no way to ask for it.
        }
    }

    /** Makes a folder, and those above it that are missing, and forces the names of all that it made to disk. */
    public static void create(Path folder) throws IOException {
        for (Path changed : make(folder)) {
            force(changed);
        }
    }

    /**
     * Makes a folder, and those above it that are missing.
     *
     * @return the folders that have a new name in them
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
