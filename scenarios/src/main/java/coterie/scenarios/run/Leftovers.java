package coterie.scenarios.run;

import coterie.model.files.AtomicFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Temporary files that killed processes have left in a run's folder. */
final class Leftovers {
    private static final String OTHER_RUNS = "baselines";

    private Leftovers() {}

    /** Whether a file is temporary; it may still be written. */
    static boolean is(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") && name.endsWith(".part");
    }

    /**
     * Deletes temporary files when a run begins or goes on. Baselines do so in their own folders. A folder of
     * checkpoints may contain other files: only temporary files of checkpoints that no process is writing are deleted
     * there.
     */
    static void delete(Path folder, Path checkpoints) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) throws IOException {
                if (at.equals(folder.resolve(OTHER_RUNS))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                AtomicFiles.sweep(at, name -> true);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                // Folders that cannot be read stay as they are.
                return FileVisitResult.CONTINUE;
            }
        });
        AtomicFiles.sweep(checkpoints, CheckpointFiles::isName);
    }
}
