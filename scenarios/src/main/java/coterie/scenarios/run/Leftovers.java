package coterie.scenarios.run;

import coterie.model.files.AtomicFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What killed processes have left of files that they were writing into a run's folder. */
final class Leftovers {
    private static final String OTHER_RUNS = "baselines";

    private Leftovers() {}

    /** Whether a file is one, or one that is being written. */
    static boolean is(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") && name.endsWith(".part");
    }

    /**
     * Deletes them, when a run begins or goes on. Runs under baselines do so on their own, each in its own folder.
     * Checkpoints may lie in a folder with files of other kinds: only leftovers of checkpoints are deleted there, and
     * only those that no process is writing.
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
                // What cannot be looked at stays as it is.
                return FileVisitResult.CONTINUE;
            }
        });
        AtomicFiles.sweep(checkpoints, CheckpointFiles::isName);
    }
}
