package coterie.scenarios.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.Simulation;
import coterie.scenarios.run.Build;
import coterie.scenarios.run.Laboratory;
import coterie.scenarios.run.LocalLaboratory;
import coterie.scenarios.run.RunFolder;
import coterie.scenarios.schema.InputException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The runs of a study, each in a folder of its own that is named by a hash of its resolved scenario and of this program's version: what is there and
 * completed is not done again, whichever study asked for it; what had begun goes on from its last checkpoint.
 */
public final class StudyRuns {
    private static final int HASH_DIGITS = 16;
    private final Path folder;
    private final PrintStream progress;
    private final Deque<Study.Run> waiting;
    private final List<String> failures = new ArrayList<>();
    private final Set<Simulation> running = ConcurrentHashMap.newKeySet();
    private final int total;
    private final long begin = System.nanoTime();
    private int done;
    private int doneNow;
    private volatile boolean stopped;

    /** @param progress where to tell of each run that ends; null for nowhere */
    public StudyRuns(Path folder, List<Study.Run> runs, PrintStream progress) {
        this.folder = folder;
        this.progress = progress;
        waiting = new ArrayDeque<>(runs);
        total = runs.size();
    }

    /** Where a run's results are, or will be. */
    public static Path folder(Path folder, Study.Run run) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update((Build.NUMBER + "\n" + run.loaded().yaml()).getBytes(StandardCharsets.UTF_8));
            return folder.resolve("runs").resolve(HexFormat.of().formatHex(sha.digest()).substring(0, HASH_DIGITS));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The summary of a run; null where it has not been completed. */
    public static JsonNode summary(Path folder, Study.Run run) throws IOException {
        Path file = folder(folder, run).resolve("summary.json");
        if (!Files.exists(file)) {
            return null;
        }
        JsonNode n = new ObjectMapper().readTree(file.toFile());
        return n.path("status").asText().equals("completed") ? n : null;
    }

    /**
     * Does what is missing, several runs at once.
     *
     * @param jobs runs at once
     * @param threads compute workers of each
     * @return what has failed, in words; the rest is done, unless it was stopped
     */
    public List<String> run(int jobs, String device, int threads, int stack) throws IOException {
        for (Study.Run r : List.copyOf(waiting)) {
            if (summary(folder, r) != null) {
                waiting.remove(r);
                done++;
            }
        }
        if (progress != null) {
            progress.printf("%d of %d runs are done already; %d at once, %d threads each%n", done, total, Math.min(jobs, Math.max(1, waiting.size())), threads);
        }
        List<Thread> workers = new ArrayList<>();
        for (int k = 0; k < jobs; k++) {
            Thread t = new Thread(() -> work(device, threads, stack), "study-" + k);
            t.start();
            workers.add(t);
        }
        for (Thread t : workers) {
            try {
                t.join();
            } catch (InterruptedException e) {
                stop();
                Thread.currentThread().interrupt();
            }
        }
        return failures;
    }

    /** Ends the runs under way, each saved first, and begins no more. From any thread. */
    public void stop() {
        stopped = true;
        running.forEach(Simulation::stop);
    }

    public boolean stopped() {
        return stopped;
    }

    private synchronized Study.Run next() {
        return stopped ? null : waiting.poll();
    }

    private void work(String device, int threads, int stack) {
        for (Study.Run r = next(); r != null; r = next()) {
            long started = System.nanoTime();
            try (Laboratory laboratory = new LocalLaboratory(r.loaded(), device, threads, stack)) {
                Path at = folder(folder, r);
                boolean begun = Files.exists(at.resolve("scenario.yaml"));
                RunFolder run = begun ? RunFolder.existing(at) : new RunFolder(at, r.loaded(), false);
                Simulation[] own = new Simulation[1];
                try {
                    run.run(laboratory, begun, null, false, s -> {
                        own[0] = s;
                        running.add(s);
                        if (stopped) {
                            s.stop();
                        }
                    });
                } finally {
                    if (own[0] != null) {
                        running.remove(own[0]);
                    }
                }
                if (!stopped) {
                    ended(r, started);
                }
            } catch (IOException | RuntimeException | Error e) {
                // Whatever it was, the others can still be done; and nobody must take the study for complete.
                failed(r, e);
            }
        }
    }

    private synchronized void failed(Study.Run r, Throwable e) {
        boolean known = e instanceof RunFailedException || e instanceof InputException;
        failures.add("\"" + r.variant().name() + "\", seed " + r.seed() + ": " + (known ? e.getMessage() : e.toString()));
    }

    private synchronized void ended(Study.Run r, long started) throws IOException {
        done++;
        doneNow++;
        if (progress != null) {
            long now = System.nanoTime();
            double left = (now - begin) / 1e9 / doneNow * (total - done);
            JsonNode s = summary(folder, r);
            progress.printf(Locale.ROOT, "[%d of %d] %s, seed %d: perplexity %.2f, %.0f s; about %.0f min left%n", done, total, r.variant().name(), r.seed(),
                    s == null ? Double.NaN : s.at("/perplexity/mean").asDouble(Double.NaN), (now - started) / 1e9, Math.ceil(left / 60));
        }
    }
}
