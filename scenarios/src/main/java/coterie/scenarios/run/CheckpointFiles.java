package coterie.scenarios.run;

import coterie.actors.clock.Checkpoints;
import coterie.actors.clock.RunState;
import coterie.actors.clock.RunStateCodec;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.results.Recorder;
import coterie.scenarios.schema.Scenario;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * A run's {@code checkpoints/}: each a file that is whole or not there, written aside, synced and renamed, with a hash of all that is in it. What cannot be
 * read is left out, and the newest that can be is used.
 *
 * <p>Layout: a line that names the format; the resolved scenario; seconds the run has taken; how long each result file was; the {@link RunState};
 * and, last, the SHA-256 of all before it.
 */
final class CheckpointFiles implements Checkpoints {
    private static final String FORMAT = "coterie checkpoint 1\n";
    private static final int DIGEST_BYTES = 32;
    private static final String SUFFIX = ".checkpoint";

    /**
     * What was saved.
     *
     * @param wallSeconds that the run had taken until then
     * @param lengths of the result files, by name
     */
    record Saved(RunState state, double wallSeconds, Map<String, Long> lengths, Path file) {
    }

    private final Path folder;
    private final String scenario;
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
     * Saves into a run's folder.
     *
     * @param run the run's folder
     * @param scenario resolved: a checkpoint of another is not used
     * @param recorder of the run; its files' lengths are saved
     * @param before wall seconds that the run had taken when it went on
     */
    CheckpointFiles(Path run, String scenario, Scenario.Saving rules, Recorder recorder, double before) throws IOException {
        folder = run.resolve("checkpoints");
        this.scenario = scenario;
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
    public void take(RunState state) {
        long started = System.nanoTime();
        try {
            Map<String, Long> lengths = recorder.lengths();
            Path file = folder.resolve(String.format("%08d%s", ++number, SUFFIX));
            AtomicFiles.write(file, out -> {
                MessageDigest digest = sha256();
                DataOutputStream data = new DataOutputStream(new DigestOutputStream(out, digest));
                data.write(FORMAT.getBytes(StandardCharsets.US_ASCII));
                text(data, scenario);
                data.writeDouble(before + (started - begin) / 1e9);
                data.writeInt(lengths.size());
                for (Map.Entry<String, Long> e : lengths.entrySet()) {
                    text(data, e.getKey());
                    data.writeLong(e.getValue());
                }
                RunStateCodec.write(state, data);
                data.flush();
                out.write(digest.digest());
            });
            count++;
            bytes = Files.size(file);
            seconds += (System.nanoTime() - started) / 1e9;
            List<Path> there = all(folder);
            for (Path old : there.subList(Math.min(rules.keep(), there.size()), there.size())) {
                Files.deleteIfExists(old);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** The newest that can be read and is of this scenario; null where there is none. */
    static Saved newest(Path run, String scenario) throws IOException {
        for (Path file : all(run.resolve("checkpoints"))) {
            try {
                return read(file, scenario);
            } catch (IOException e) {
                LoggerFactory.getLogger(CheckpointFiles.class).warn("{} cannot be used: {}", file, e.getMessage());
            }
        }
        return null;
    }

    private static Saved read(Path file, String scenario) throws IOException {
        long body = Files.size(file) - DIGEST_BYTES;
        if (body < FORMAT.length() || !hashHolds(file, body)) {
            throw new IOException("it is torn or has changed since it was written");
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            byte[] format = in.readNBytes(FORMAT.length());
            if (!new String(format, StandardCharsets.US_ASCII).equals(FORMAT)) {
                throw new IOException("it has another format than this version's");
            }
            if (!text(in).equals(scenario)) {
                throw new IOException("it is of another scenario than scenario.yaml");
            }
            double wall = in.readDouble();
            Map<String, Long> lengths = new LinkedHashMap<>();
            int n = in.readInt();
            for (int k = 0; k < n; k++) {
                lengths.put(text(in), in.readLong());
            }
            return new Saved(RunStateCodec.read(in), wall, lengths, file);
        }
    }

    private static boolean hashHolds(Path file, long body) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (long left = body; left > 0;) {
                int n = in.readNBytes(chunk, 0, (int) Math.min(left, chunk.length));
                if (n == 0) {
                    return false;
                }
                digest.update(chunk, 0, n);
                left -= n;
            }
            return Arrays.equals(in.readNBytes(DIGEST_BYTES), digest.digest());
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

    private static void text(DataOutputStream out, String s) throws IOException {
        byte[] b = s.getBytes(StandardCharsets.UTF_8);
        out.writeInt(b.length);
        out.write(b);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
