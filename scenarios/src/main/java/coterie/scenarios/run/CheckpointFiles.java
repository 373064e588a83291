package coterie.scenarios.run;

import coterie.actors.clock.Checkpoints;
import coterie.actors.clock.ClockState;
import coterie.actors.clock.Report;
import coterie.scenarios.results.Recorder;
import coterie.scenarios.schema.Scenario;
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
 * A run's {@code checkpoints/}: each a {@link CheckpointFile} that is whole or not there, written aside, synced and renamed. What cannot be read is left
 * out, and the newest that can be is used; old ones are deleted.
 */
final class CheckpointFiles implements Checkpoints {
    private static final String SUFFIX = ".checkpoint";

    private final Path folder;
    private final String identity;
    private final Scenario.Saving rules;
    private final Recorder recorder;
    private final double before;
    private final long begin = System.nanoTime();
    private long lastNanos = begin;
    private long lastTurns;
    private long number;
    private long count;
    private double seconds;
    private long bytes;

    /**
     * Saves a run.
     *
     * @param folder of the run's checkpoints
     * @param identity of the run: a checkpoint of another is not used
     * @param recorder of the run; its files' lengths are saved
     * @param before wall seconds that the run had taken when it went on
     */
    CheckpointFiles(Path folder, String identity, Scenario.Saving rules, Recorder recorder, double before) throws IOException {
        this.folder = folder;
        this.identity = identity;
        this.rules = rules;
        this.recorder = recorder;
        this.before = before;
        List<Path> there = all(folder);
        number = there.isEmpty() ? 0 : numberOf(there.get(0));
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
        return rules.everyMinutes() > 0 ? Duration.ofNanos((long) (rules.everyMinutes() * 60e9)) : Checkpoints.super.longestPause();
    }

    @Override
    public Writing begin() throws IOException {
        long started = System.nanoTime();
        Path file = folder.resolve(String.format("%08d%s", ++number, SUFFIX));
        CheckpointFile.Writer writer = new CheckpointFile.Writer(file, identity, before + (started - begin) / 1e9, recorder.lengths());
        return new Writing() {
            @Override
            public void user(Report.Frozen user) throws IOException {
                writer.user(user);
            }

            @Override
            public void finish(ClockState clock) throws IOException {
                writer.finish(clock);
                count++;
                bytes = Files.size(file);
                seconds += (System.nanoTime() - started) / 1e9;
                List<Path> there = all(folder);
                for (Path old : there.subList(Math.min(rules.keep(), there.size()), there.size())) {
                    Files.deleteIfExists(old);
                }
            }

            @Override
            public void close() {
                try {
                    writer.close();
                } catch (IOException e) {
                    LoggerFactory.getLogger(CheckpointFiles.class).warn("what was left of a checkpoint could not be deleted: {}", e.toString());
                }
            }
        };
    }

    /** How many were written. */
    long count() {
        return count;
    }

    /** Wall seconds that writing them took. */
    double seconds() {
        return seconds;
    }

    /** Length of the last. */
    long bytes() {
        return bytes;
    }

    /**
     * What was found.
     *
     * @param file the newest that fits; null where none does
     * @param unfit why newer ones, or all, do not fit: a line each
     */
    record Newest(CheckpointFile file, List<String> unfit) {
    }

    /** The newest in a folder that can be read and is of this run. */
    static Newest newest(Path folder, String identity) throws IOException {
        List<String> unfit = new ArrayList<>();
        for (Path file : all(folder)) {
            try {
                return new Newest(new CheckpointFile(file, identity), unfit);
            } catch (IOException e) {
                unfit.add(file + ": " + e.getMessage());
            }
        }
        return new Newest(null, unfit);
    }

    /** Deletes all that are in a folder. */
    static void clear(Path folder) throws IOException {
        for (Path file : all(folder)) {
            Files.delete(file);
        }
    }

    /** All there are, the newest first. */
    private static List<Path> all(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(p -> p.getFileName().toString().matches("[0-9]{8,18}[.]checkpoint"))
                    .sorted(Comparator.comparingLong(CheckpointFiles::numberOf).reversed()).toList();
        }
    }

    private static long numberOf(Path file) {
        return Long.parseLong(file.getFileName().toString().replace(SUFFIX, ""));
    }
}
