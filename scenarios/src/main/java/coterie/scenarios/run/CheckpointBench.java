package coterie.scenarios.run;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.checkpoint.UserCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Checkpoints of a benchmark: one after every so many turns, each replaces the one before. */
public final class CheckpointBench implements Checkpoints {
    private static final String SCENARIO = "a benchmark";
    private final Path file;
    private final long every;
    private final AtomicLong count = new AtomicLong();
    private double seconds;
    private long lastTurns;

    public CheckpointBench(Path folder, long every) {
        file = folder.resolve("bench.checkpoint");
        this.every = every;
    }

    @Override
    public boolean due(long turns) {
        boolean due = turns - lastTurns >= every;
        lastTurns = due ? turns : lastTurns;
        return due;
    }

    @Override
    public boolean wanted() {
        return false;
    }

    @Override
    public Writing begin() throws IOException {
        long begin = System.nanoTime();
        CheckpointFile.Writer writer = new CheckpointFile.Writer(file, SCENARIO, 0, Map.of());
        return new Writing() {
            @Override
            public void user(UserCheckpoint user) throws IOException {
                writer.user(user);
            }

            @Override
            public void finish(ClockState clock) throws IOException {
                writer.finish(clock);
                seconds += (System.nanoTime() - begin) / 1e9;
                count.incrementAndGet();
            }

            @Override
            public void close() {
                try {
                    writer.close();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        };
    }

    public long count() {
        return count.get();
    }

    /** Mean time from the first user to the rename. */
    public double seconds() {
        return seconds / count.get();
    }

    public long bytes() throws IOException {
        return Files.size(file);
    }

    public RunCheckpoint newest() throws IOException {
        return new CheckpointFile(file, SCENARIO);
    }

    /** Deletes a folder and its content. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }
}
