package coterie.scenarios.run;

import coterie.model.files.Folders;
import coterie.scenarios.config.InputException;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder into which a command writes a run's results.
 *
 * @param overwrite whether results that the folder holds may be replaced
 * @param made whether the folder was made for this run; it is deleted if the run is refused
 * @param taken the folder that would have been taken if it did not exist; null if no other was wanted
 */
public record Destination(Path folder, boolean overwrite, boolean made, Path taken) implements AutoCloseable {
    /** A folder that a person has chosen. */
    public static Destination chosen(Path folder, boolean overwrite) {
        return new Destination(folder, overwrite, false, null);
    }

    /**
     * Makes a folder that did not exist: {@code first}, or else {@code first.2}, {@code first.3} and so on. Two
     * processes never get the same one, since only one of them can make it.
     *
     * @throws InputException if none can be made
     */
    public static Destination free(Path first) throws IOException {
        Path parent = first.toAbsolutePath().getParent();
        Path folder = first;
        try {
            Folders.create(parent);
            for (int k = 2; !makes(folder); k++) {
                folder = first.resolveSibling(first.getFileName() + "." + k);
            }
        } catch (FileSystemException e) {
            throw new InputException("--out: there can be no folder " + folder + " here: " + FileProblems.reason(e));
        }
        Folders.force(parent);
        return new Destination(folder, false, true, folder.equals(first) ? null : first);
    }

    /** @return false if there is something of this name */
    private static boolean makes(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** The folder in words, with the reason why it is not the one that was wanted first. */
    String inWords() {
        return taken == null ? folder.toString() : folder + " (the next free folder: " + taken + " exists)";
    }

    /** Deletes a folder that was made for a run which did not begin. */
    @Override
    public void close() throws IOException {
        if (!made || !Files.isDirectory(folder) || !new RunContents(folder).isEmpty()) {
            return;
        }
        try (FolderLock lock = FolderLock.take(folder)) {
            lock.delete();
            Files.delete(folder);
        } catch (InputException | DirectoryNotEmptyException e) {
            // Another process was told to use the folder.
        }
    }
}
