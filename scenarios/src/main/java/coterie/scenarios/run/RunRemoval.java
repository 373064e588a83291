package coterie.scenarios.run;

import coterie.model.files.Folders;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.ResultFiles;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Deletes whole runs: their folders with results, checkpoints and baselines. */
public final class RunRemoval {
    private static final int NAMED = 5;
    private static final int LONGEST = 60;

    private RunRemoval() {}

    /**
     * Checks that a folder can be deleted.
     *
     * @throws InputException if it is not a run's own folder, is in use, or holds files that no run writes
     */
    public static void check(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + " is no folder");
        }
        if (Files.isSymbolicLink(folder)) {
            throw new InputException(folder + " is a link; name the folder itself: " + folder.toRealPath());
        }
        if (!hasRun(folder)) {
            throw new InputException(folder + " is not the folder of a run (no scenario.yaml with run.json or results"
                    + " in it); it is left as it is");
        }
        List<String> others;
        try (Stream<Path> list = Files.list(folder)) {
            others = list.filter(p -> !ofRun(p))
                    .map(p -> Shown.of(p.getFileName().toString(), LONGEST))
                    .sorted()
                    .toList();
        }
        if (!others.isEmpty()) {
            throw new InputException(folder + " holds files that no run writes; move them away first: "
                    + others.stream().limit(NAMED).collect(Collectors.joining(", "))
                    + (others.size() > NAMED ? " and " + (others.size() - NAMED) + " more" : ""));
        }
        // Says who uses it.
        FolderLock.take(folder).close();
        for (FolderLock lock : new RunContents(folder).lockBaselines()) {
            lock.close();
        }
    }

    /** A folder of scenario files may hold a file of that name too. The lock is there after a removal cut short. */
    private static boolean hasRun(Path folder) throws IOException {
        return RunFolder.isRun(folder)
                && (Files.exists(folder.resolve(RunOrigin.FILE))
                        || Files.exists(folder.resolve(FolderLock.NAME))
                        || new RunContents(folder).hasResults());
    }

    private static boolean ofRun(Path entry) {
        String name = entry.getFileName().toString();
        return FolderLock.is(entry)
                || Leftovers.is(entry)
                || ResultFiles.isTopLevel(name)
                || Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                        && (name.equals(RunContents.BASELINES) || name.equals("checkpoints"));
    }

    /**
     * Deletes a run. If this is cut short, the folder is still that of a run without results, and can be deleted again.
     *
     * @throws InputException as {@link #check}
     */
    public static void delete(Path folder) throws IOException {
        check(folder);
        try (FolderLock lock = FolderLock.take(folder)) {
            RunContents contents = new RunContents(folder);
            contents.deleteWithBaselines();
            lock.delete();
            Files.delete(folder);
        }
        Folders.force(folder.toAbsolutePath().getParent());
    }
}
