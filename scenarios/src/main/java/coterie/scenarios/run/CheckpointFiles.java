package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.model.files.Folders;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.results.Recorder;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * A run's {@code checkpoints/}: {@link CheckpointFile}s, each complete or absent. When one appears, all result files
 * are on disk up to the length that it names. Old ones are deleted, and so are those that the run could not use, as
 * soon as there is a new one.
 */
final class CheckpointFiles implements Checkpoints {
    private static final String SUFFIX = ".checkpoint";
    private static final String NAMES = "[0-9]{8,18}[.]checkpoint";

    private final Path folder;
    private final String identity;
    private final Scenario.Saving rules;
    private final Recorder recorder;
    private final double before;
    private final long goodUntil;
    private final long badUntil;
    private final long begin = System.nanoTime();
    private long lastNanos = begin;
    private long lastTurns;
    private long number;
    private long count;
    private double seconds;
    private long bytes;

    /**
     * Opens the folder.
     *
     * @param folder of the run's checkpoints
     * @param identity of the run; checkpoints of other runs are not used
     * @param recorder of the run, which knows the content of result files
     * @param from the checkpoint from which the run goes on; null if it begins
     */
    CheckpointFiles(Path folder, String identity, Scenario.Saving rules, Recorder recorder, CheckpointFile from)
            throws IOException {
        this.folder = folder;
        this.identity = identity;
        this.rules = rules;
        this.recorder = recorder;
        before = from == null ? 0 : from.wallSeconds();
        List<Path> there = all(folder);
        badUntil = there.isEmpty() ? 0 : numberOf(there.get(0));
        goodUntil = from == null ? 0 : numberOf(from.path());
        number = badUntil;
        try {
            deleteOld(false);
        } catch (IOException e) {
            LoggerFactory.getLogger(CheckpointFiles.class)
                    .warn("an old checkpoint could not be deleted: {}", FileProblems.tell(e));
        }
    }

    @Override
    public boolean due(long turns) {
        boolean due = rules.everyTurns() > 0 && turns - lastTurns >= rules.everyTurns()
                || rules.everyMinutes() > 0 && System.nanoTime() - lastNanos >= rules.everyMinutes() * 60e9;
        if (due) {
            lastTurns = turns;
            lastNanos = System.nanoTime();
        }
        return due;
    }

    @Override
    public boolean wanted() {
        return rules.everyMinutes() > 0 || rules.everyTurns() > 0;
    }

    @Override
    public Duration longestPause() {
        return rules.everyMinutes() > 0
                ? Duration.ofNanos((long) (rules.everyMinutes() * 60e9))
                : Checkpoints.super.longestPause();
    }

    @Override
    public Writing begin() throws IOException {
        long started = System.nanoTime();
        Path file = folder.resolve(String.format("%08d%s", ++number, SUFFIX));
        CheckpointFile.Writer writer =
                new CheckpointFile.Writer(file, identity, before + (started - begin) / 1e9, recorder.force());
        return new Writing() {
            @Override
            public void user(UserCheckpoint user) throws IOException {
                writer.user(user);
            }

            @Override
            public void finish(ClockState clock) throws IOException {
                writer.finish(clock);
                count++;
                bytes = Files.size(file);
                seconds += (System.nanoTime() - started) / 1e9;
                deleteOld(true);
            }

            @Override
            public void close() {
                try {
                    writer.close();
                } catch (IOException e) {
                    LoggerFactory.getLogger(CheckpointFiles.class)
                            .warn("what was left of a checkpoint could not be deleted: {}", e.toString());
                }
            }
        };
    }

    /**
     * Deletes old checkpoints. Those that are newer than the one from which the run went on did not fit, and do not
     * count.
     *
     * @param unfit whether they are deleted as well
     */
    private void deleteOld(boolean unfit) throws IOException {
        int kept = 0;
        for (Path file : all(folder)) {
            long n = numberOf(file);
            boolean fits = n <= goodUntil || n > badUntil;
            kept += fits ? 1 : 0;
            if (fits ? kept > rules.keep() : unfit) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Number of checkpoints written. */
    long count() {
        return count;
    }

    /** Wall-clock seconds that writing took. */
    double seconds() {
        return seconds;
    }

    /** Length of the last checkpoint. */
    long bytes() {
        return bytes;
    }

    /**
     * The newest usable checkpoint.
     *
     * @param checkpoint null if none fits
     * @param misfits why newer ones, or all of them, do not: one line each, the newest first
     */
    record Newest(CheckpointFile checkpoint, List<String> misfits) {}

    /** Finds the newest checkpoint that is complete, of this run, and fits the result files in the run's folder. */
    static Newest newest(Path folder, Path results, String identity) throws IOException {
        List<String> misfits = new ArrayList<>();
        for (Path file : all(folder)) {
            String misfit;
            try {
                CheckpointFile found = new CheckpointFile(file, identity);
                misfit = found.misfit(results);
                if (misfit == null) {
                    return new Newest(found, misfits);
                }
            } catch (IOException e) {
                misfit = FileProblems.tell(e);
            }
            misfits.add(file + ": " + misfit);
        }
        return new Newest(null, misfits);
    }

    /** Whether a folder holds checkpoints. */
    static boolean any(Path folder) throws IOException {
        return !all(folder).isEmpty();
    }

    /** Deletes all checkpoints in a folder. */
    static void clear(Path folder) throws IOException {
        List<Path> all = all(folder);
        for (Path file : all) {
            Files.delete(file);
        }
        if (!all.isEmpty()) {
            Folders.force(folder);
        }
    }

    /** Whether a file's name is that of a checkpoint. */
    static boolean isName(String name) {
        return name.matches(NAMES);
    }

    /** All checkpoints, the newest first. */
    private static List<Path> all(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(p -> isName(p.getFileName().toString()))
                    .sorted(Comparator.comparingLong(CheckpointFiles::numberOf).reversed())
                    .toList();
        }
    }

    private static long numberOf(Path file) {
        return Long.parseLong(file.getFileName().toString().replace(SUFFIX, ""));
    }
}
