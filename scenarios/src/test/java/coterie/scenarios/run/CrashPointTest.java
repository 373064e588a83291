package coterie.scenarios.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run is cut off at every step that it does to the disk: its process is killed, or power is lost. What is left goes
 * on to the same bytes, from a checkpoint as soon as there was one.
 */
class CrashPointTest {
    private static final double SOME = 0.1;
    private static final double A_QUARTER = 0.25;

    @TempDir
    Path folder;

    @Test
    void aRunGoesOnFromEveryPointAroundASync() throws IOException {
        try (CrashTrial trial = new CrashTrial(folder, 2, "")) {
            trial.cut(trial.steps(), new TreeMap<>(), false, 1, SOME);
            assertThat(trial.tried()).as("states of the disk").isGreaterThan(100);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("slow")
    void aRunGoesOnFromEveryPointAndOnceMoreFromEveryPointOfThat(int keep) throws IOException {
        try (CrashTrial trial = new CrashTrial(folder, keep, "")) {
            trial.cut(trial.steps(), new TreeMap<>(), false, 1, 1);
            for (int k = 0; k < 10; k++) {
                goOnTwice(trial, trial.random().nextInt(trial.steps().size()), 1, 1);
            }
        }
    }

    @Test
    void aRunThatHasGoneOnGoesOn() throws IOException {
        try (CrashTrial trial = new CrashTrial(folder, 1, "")) {
            goOnTwice(trial, trial.committed(2) + trial.random().nextInt(10), A_QUARTER, SOME);
        }
    }

    private static void goOnTwice(CrashTrial trial, int step, double around, double others) throws IOException {
        TreeMap<String, byte[]> state = trial.stateAfter(step);
        boolean[] saved = new boolean[1];
        List<DiskStep> recording = trial.recordFrom(state, newest -> saved[0] = newest.checkpoint() != null);
        trial.cut(recording, state, saved[0], around, others);
    }

    @ParameterizedTest
    @ValueSource(strings = {"turns", "evaluations", "trust", "events", "messages", "timing"})
    void whereAResultFileIsDamagedTheNewestCheckpointThatFitsIsTaken(String name) throws IOException {
        String file = CrashTrial.RUN + "/" + name + ".jsonl";
        try (CrashTrial trial = new CrashTrial(folder, 3, "")) {
            TreeMap<String, byte[]> state = trial.stateAfter(trial.committed(3));
            byte[] whole = state.get(file);
            // What each checkpoint needs.
            List<byte[]> needed = List.of(
                    trial.stateAfter(trial.committed(1)).get(file),
                    trial.stateAfter(trial.committed(2)).get(file),
                    whole);
            for (byte[] damaged : new byte[][] {
                cut(whole, whole.length - 1),
                cut(whole, needed.get(1).length),
                cut(whole, needed.get(0).length - 1),
                changed(whole, whole.length - 1),
                changed(whole, 0),
                null
            }) {
                int expected = fitting(needed, damaged);
                TreeMap<String, byte[]> found = new TreeMap<>(state);
                if (damaged == null) {
                    found.remove(file);
                } else {
                    found.put(file, damaged);
                }
                String what = name + " " + (damaged == null ? "gone" : damaged.length + " bytes of " + whole.length);
                trial.tryFrom(found, what, newest -> {
                    assertThat(newest.misfits())
                            .hasSize(3 - expected)
                            .allMatch(m -> m.contains(".checkpoint: " + name + ".jsonl "));
                    assertThat(
                                    newest.checkpoint() == null
                                            ? ""
                                            : newest.checkpoint()
                                                    .path()
                                                    .getFileName()
                                                    .toString())
                            .isEqualTo(expected == 0 ? "" : "0000000" + expected + ".checkpoint");
                });
            }
        }
    }

    /**
     * Number of the last checkpoint whose part of a file is there; 0 for none.
     *
     * @param found null for no file
     */
    private static int fitting(List<byte[]> needed, byte[] found) {
        int n = needed.size();
        while (n > 0 && (found == null || !Arrays.equals(needed.get(n - 1), cut(found, needed.get(n - 1).length)))) {
            n--;
        }
        return n;
    }

    private static byte[] cut(byte[] whole, int length) {
        return Arrays.copyOf(whole, Math.max(0, length));
    }

    private static byte[] changed(byte[] whole, int at) {
        byte[] other = whole.clone();
        if (at >= 0 && at < whole.length) {
            other[at] ^= 1;
        }
        return other;
    }

    @Test
    void aCheckpointThatDidNotFitIsNeitherTakenLaterNorKept() throws IOException {
        try (CrashTrial trial = new CrashTrial(folder, 2, "")) {
            TreeMap<String, byte[]> state = trial.stateAfter(trial.committed(3));
            String turns = CrashTrial.RUN + "/turns.jsonl";
            state.put(turns, cut(state.get(turns), state.get(turns).length - 1));
            List<DiskStep> recording = trial.recordFrom(
                    state, newest -> assertThat(newest.misfits()).hasSize(1));
            assertThat(recording)
                    .filteredOn(CrashTrial::isCommit)
                    .first()
                    .asString()
                    .as("its number is not given again")
                    .contains("00000004.checkpoint");
            List<Integer> commits = IntStream.range(0, recording.size())
                    .filter(k -> CrashTrial.isCommit(recording.get(k)))
                    .boxed()
                    .toList();
            List<DiskStep> until = recording.subList(0, commits.get(1));
            assertThat(until.subList(0, commits.get(0)))
                    .as("until there is another")
                    .doesNotContain(removed(3));
            assertThat(until).contains(removed(3), removed(1)).doesNotContain(removed(2));
            trial.cut(recording, state, true, A_QUARTER, SOME);
        }
    }

    @Test
    void aSummaryOfBeforeIsGoneBeforeResultsChange() throws IOException {
        try (CrashTrial trial = new CrashTrial(folder, 1, "")) {
            TreeMap<String, byte[]> state = trial.stateAfter(trial.committed(2));
            String summary = CrashTrial.RUN + "/summary.json";
            state.put(summary, "{\"status\": \"interrupted\"}".getBytes(StandardCharsets.US_ASCII));
            List<DiskStep> recording = trial.recordFrom(
                    state, newest -> assertThat(newest.checkpoint()).isNotNull());
            List<Integer> results = recording.stream()
                    .filter(r -> r instanceof DiskStep.Found f && f.name().endsWith(".jsonl"))
                    .map(r -> ((DiskStep.Found) r).file())
                    .toList();
            int first = IntStream.range(0, recording.size())
                    .filter(k -> recording.get(k) instanceof DiskStep.Write w && results.contains(w.file()))
                    .findFirst()
                    .orElseThrow();
            assertThat(recording.indexOf(new DiskStep.Remove(summary))).isBetween(0, first);
        }
    }

    private static DiskStep removed(int checkpoint) {
        return new DiskStep.Remove(CrashTrial.RUN + "/checkpoints/0000000" + checkpoint + ".checkpoint");
    }

    @Test
    void everythingElseIsOnDiskBeforeACheckpointOrTheSummaryIs() throws IOException {
        try (CrashTrial trial = new CrashTrial(folder, 1, "tracking: [tensorboard]")) {
            DiskAfterCrash disk = new DiskAfterCrash();
            int looked = 0;
            for (DiskStep step : trial.steps()) {
                boolean commit = CrashTrial.isCommit(step);
                if (step instanceof DiskStep.Rename r && (commit || r.to().endsWith("summary.json"))) {
                    assertThat(disk.unforced())
                            .as("before " + step)
                            .filteredOn(name -> !name.equals(r.from())
                                    && !name.contains("/checkpoints")
                                    && !name.endsWith(FolderLock.NAME)
                                    && !(commit && name.contains("/tensorboard/")))
                            .isEmpty();
                    looked++;
                }
                disk.apply(step);
            }
            assertThat(looked).isEqualTo(5);
        }
    }
}
