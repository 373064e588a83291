package coterie.scenarios.run;

import coterie.scenarios.config.InputException;
import coterie.scenarios.results.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What lies in a run's folder, and how it is deleted. */
final class RunContents {
    static final String SCENARIO = "scenario.yaml";
    static final String BASELINES = "baselines";
    private final Path folder;

    RunContents(Path folder) {
        this.folder = folder;
    }

    /** Whether a run has begun here. */
    boolean isRun() {
        return Files.exists(folder.resolve(SCENARIO));
    }

    /** Whether there is nothing but what a killed process may leave. */
    boolean isEmpty() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.allMatch(p -> FolderLock.is(p) || Leftovers.is(p));
        }
    }

    /** Whether there is a summary, or a result file that is not empty. */
    boolean hasResults() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            for (Path p : list.toList()) {
                String name = p.getFileName().toString();
                if (name.equals("summary.json") || name.endsWith(".jsonl") && Files.size(p) > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Locks all baselines.
     *
     * @throws InputException if one is in use; then none is locked
     */
    List<FolderLock> lockBaselines() throws IOException {
        List<FolderLock> taken = new ArrayList<>();
        try {
            for (Path baseline : baselines()) {
                taken.add(FolderLock.take(baseline));
            }
            return taken;
        } catch (IOException | RuntimeException e) {
            for (FolderLock one : taken) {
                one.close();
            }
            throw e;
        }
    }

    private List<Path> baselines() throws IOException {
        if (!Files.isDirectory(folder.resolve(BASELINES))) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder.resolve(BASELINES))) {
            return list.filter(b -> new RunContents(b).isRun()).toList();
        }
    }

    /**
     * Deletes the run and its baselines, with their checkpoints.
     *
     * @throws InputException if a baseline is in use
     */
    void deleteWithBaselines() throws IOException {
        List<FolderLock> taken = lockBaselines();
        try {
            for (Path baseline : baselines()) {
                new RunContents(baseline).deleteCheckpointsElsewhere();
            }
            deleteCheckpointsElsewhere();
            // A process that is killed meanwhile leaves the folder of a run, which can be overwritten.
            delete(Set.of(SCENARIO));
            delete(Set.of());
        } finally {
            for (FolderLock lock : taken) {
                lock.close();
            }
        }
    }

    /** Deletes the run's results and checkpoints. Its baselines stay. */
    void deleteResults() throws IOException {
        deleteCheckpointsElsewhere();
        delete(Set.of(SCENARIO, BASELINES));
    }

    /** @param kept names of files and folders that stay, besides the lock */
    private void delete(Set<String> kept) throws IOException {
        Manifest.retract(folder);
        List<Path> top;
        try (Stream<Path> list = Files.list(folder)) {
            top = list.filter(p ->
                            !FolderLock.is(p) && !kept.contains(p.getFileName().toString()))
                    .toList();
        }
        for (Path p : top) {
            try (Stream<Path> all = Files.walk(p)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }

    /** Deletes the run's own checkpoints if they lie outside of its folder. */
    private void deleteCheckpointsElsewhere() throws IOException {
        RunOrigin origin;
        try {
            origin = RunOrigin.read(folder);
        } catch (InputException e) {
            // A damaged file is deleted with the rest; the folder that it names may be any.
            return;
        }
        if (origin != null
                && origin.checkpoints() != null
                && origin.checkpoints().endsWith(origin.id())
                && !origin.isCopy(folder)) {
            CheckpointFiles.clear(Path.of(origin.checkpoints()));
            Files.deleteIfExists(Path.of(origin.checkpoints()));
        }
    }
}
