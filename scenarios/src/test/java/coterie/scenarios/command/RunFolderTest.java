package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.run.Build;
import coterie.scenarios.run.FolderLock;
import coterie.scenarios.run.ResumeRules;
import coterie.scenarios.study.Study;
import coterie.scenarios.study.StudyFolders;
import coterie.scenarios.study.StudyRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a run's folder holds is not spoilt by another run, not mixed with another's, and never deleted unasked. */
class RunFolderTest {
    private static final String SMALL = """
            name: small
            users: 2
            data: {source: 'builtin:romance', train_tokens: 300, validation_tokens: 100, test_tokens: 100, shared_tokens: 100}
            training: {iterations: 6, batch_size: 1, context: 32}
            collaboration: {strategy: model-similarity, every: 2}
            evaluation: {every: 2}
            record: {samples: 0}
            checkpoints: {every_turns: 2}
            """;
    private static final List<String> RESULTS = List.of(
            "turns.jsonl",
            "evaluations.jsonl",
            "trust.jsonl",
            "messages.jsonl",
            "events.jsonl",
            "adapters/user-1/adapter_model.safetensors");

    @TempDir
    Path folder;

    private Path run;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @BeforeEach
    void capture() {
        run = folder.resolve("out");
    }

    private int coterie(String... args) {
        return terminal.coterie(args);
    }

    private String said() {
        return terminal.err();
    }

    private void run(Path to, String... more) throws IOException {
        Path scenario = Files.writeString(folder.resolve("small.yaml"), SMALL);
        String[] args = Stream.concat(
                        Stream.of("run", scenario.toString(), "--out", to.toString(), "--quiet"), Arrays.stream(more))
                .toArray(String[]::new);
        assertThat(coterie(args)).as(said()).isZero();
    }

    /** A run whose process was killed before it could write its end, with checkpoints and results. */
    private void interrupted(String... more) throws IOException {
        run(run, more);
        Files.delete(run.resolve("summary.json"));
    }

    private static Map<Path, byte[]> content(Path root) throws IOException {
        Map<Path, byte[]> all = new TreeMap<>();
        try (Stream<Path> list = Files.walk(root)) {
            for (Path p : list.filter(Files::isRegularFile).toList()) {
                if (!p.getFileName().toString().equals(".lock")) {
                    all.put(root.relativize(p), Files.readAllBytes(p));
                }
            }
        }
        return all;
    }

    private static void assertSame(Map<Path, byte[]> found, Map<Path, byte[]> wanted) {
        assertThat(found.keySet()).isEqualTo(wanted.keySet());
        wanted.forEach(
                (file, bytes) -> assertThat(found.get(file)).as(file.toString()).isEqualTo(bytes));
    }

    private Map<String, byte[]> results() throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        for (String name : RESULTS) {
            all.put(name, Files.readAllBytes(run.resolve(name)));
        }
        return all;
    }

    private void assertResults(Map<String, byte[]> wanted) throws IOException {
        for (Map.Entry<String, byte[]> e : wanted.entrySet()) {
            assertThat(run.resolve(e.getKey())).hasBinaryContent(e.getValue());
        }
    }

    private List<Path> checkpoints(Path at) throws IOException {
        try (Stream<Path> list = Files.walk(at)) {
            return list.filter(p -> p.toString().endsWith(".checkpoint"))
                    .sorted()
                    .toList();
        }
    }

    private void editOrigin(String key, String value) throws IOException {
        Path file = run.resolve("run.json");
        ObjectNode n = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        Files.writeString(file, n.put(key, value).toString());
    }

    private void refusesToGoOn(String... words) throws IOException {
        Map<Path, byte[]> before = content(run);
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isEqualTo(2);
        assertThat(said()).contains(words);
        assertThat(said().lines()).hasSize(1);
        assertSame(content(run), before);
    }

    @Test
    void onlyOneProcessWritesIntoAFolder() throws IOException, InterruptedException, TimeoutException {
        Path scenario = Files.writeString(folder.resolve("long.yaml"), SMALL);
        try (Processes processes = new Processes(folder)) {
            Processes.Running other = processes.start(
                    "run",
                    scenario.toString(),
                    "--out",
                    run.toString(),
                    "--quiet",
                    "--threads",
                    "1",
                    "--set",
                    "training.iterations=1000000");
            Processes.until("it was saved", () -> {
                try {
                    return Files.isDirectory(run.resolve("checkpoints"))
                            && !checkpoints(run).isEmpty();
                } catch (IOException | UncheckedIOException e) {
                    return false;
                }
            });
            String holder = "in use by process " + other.process().pid() + " on ";
            assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isEqualTo(2);
            assertThat(said()).contains(run.toString(), holder);
            assertThat(coterie("run", scenario.toString(), "--out", run.toString(), "--overwrite"))
                    .isEqualTo(2);
            assertThat(said()).contains(holder);
            other.process().destroyForcibly().waitFor();
            FolderLock.take(run).close();
        }
    }

    @Test
    void aLockIsHeldAgainstItsOwnProcessToo() throws IOException {
        interrupted();
        FolderLock lock = FolderLock.take(run);
        try {
            assertThat(coterie("resume", run.toString(), "--quiet")).isEqualTo(2);
            assertThat(said()).contains(run + " is in use by this process");
        } finally {
            lock.close();
        }
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isZero();
    }

    @Test
    void overwritingSparesABaselineThatIsInUse() throws IOException {
        run(run, "--set", "baselines=[local]");
        Map<Path, byte[]> before = content(run);
        FolderLock lock = FolderLock.take(run.resolve("baselines/local"));
        try {
            assertThat(coterie("run", folder.resolve("small.yaml").toString(), "--out", run.toString(), "--overwrite"))
                    .isEqualTo(2);
            assertThat(said()).contains("baselines/local is in use");
            assertSame(content(run), before);
        } finally {
            lock.close();
        }
        run(run, "--overwrite");
        assertThat(run.resolve("baselines")).doesNotExist();
    }

    @Test
    void whatIsToBeOverwrittenStaysWhereTheNewRunIsRefused() throws IOException {
        run(run, "--set", "baselines=[local]");
        Map<Path, byte[]> before = content(run);
        assertThat(coterie(
                        "run",
                        folder.resolve("small.yaml").toString(),
                        "--out",
                        run.toString(),
                        "--overwrite",
                        "--set",
                        "data.source=text",
                        "--set",
                        "data.path=" + folder.resolve("nowhere")))
                .as(said())
                .isEqualTo(2);
        assertThat(said()).contains("no such folder");
        assertSame(content(run), before);
        run(run, "--overwrite", "--set", "training.iterations=4");
        assertThat(run.resolve("baselines")).doesNotExist();
        assertThat(run.resolve("scenario.yaml")).content().contains("iterations: 4");
    }

    @Test
    void aBaselineThatHasNotBegunIsAfterwardsWhatItWouldHaveBeen() throws IOException {
        run(run, "--set", "collaboration.strategy=prediction-similarity", "--set", "baselines=[model-similarity]");
        Path baseline = run.resolve("baselines/model-similarity");
        byte[] scenario = Files.readAllBytes(baseline.resolve("scenario.yaml"));
        byte[] trust = Files.readAllBytes(baseline.resolve("trust.jsonl"));
        assertThat(baseline.resolve("scenario.yaml")).content().contains("scale: 1.0");
        assertThat(coterie("resume", run.toString(), "--quiet")).isEqualTo(2);
        assertThat(said()).contains("the run is completed");
        for (int round = 0; round < 2; round++) {
            delete(baseline);
            Files.delete(run.resolve("summary.json"));
            if (round == 1) {
                // It begins again, from a scenario that leaves nothing open.
                editOrigin("id", "another");
            }
            assertThat(coterie("resume", run.toString(), "--quiet", "--from-start"))
                    .as(said())
                    .isZero();
            assertThat(baseline.resolve("scenario.yaml")).hasBinaryContent(scenario);
            assertThat(baseline.resolve("trust.jsonl")).hasBinaryContent(trust);
        }
    }

    @Test
    void aRunThatBeginsAgainOtherwiseTakesItsBaselinesAlong() throws IOException {
        run(run, "--set", "baselines=[local]");
        Path baseline = run.resolve("baselines/local");
        Path scenario = run.resolve("scenario.yaml");
        Files.writeString(scenario, Files.readString(scenario).replace("users: 2", "users: 3"));
        refusesToGoOn("users was 2", "--from-start");
        assertThat(coterie("resume", run.toString(), "--quiet", "--from-start"))
                .as(said())
                .isZero();
        assertThat(said()).contains(baseline + ": begins again", "users is 2 here and 3 there");
        assertThat(baseline.resolve("scenario.yaml")).content().contains("users: 3");
        assertThat(baseline.resolve("adapters/user-2")).isDirectory();
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(p);
            }
        }
    }

    @Test
    void aDamagedSummaryDoesNotKeepFromStartFromBeginningAgain() throws IOException {
        run(run);
        Map<String, byte[]> whole = results();
        Files.writeString(run.resolve("summary.json"), "{");
        refusesToGoOn("summary.json:1: is no whole JSON", "--from-start");
        assertThat(coterie("resume", run.toString(), "--quiet", "--from-start"))
                .as(said())
                .isZero();
        assertResults(whole);
    }

    @Test
    void aChangedScenarioIsRefusedByItsKeys() throws IOException {
        interrupted();
        Path scenario = run.resolve("scenario.yaml");
        String text = Files.readString(scenario);
        Files.writeString(scenario, text.replace("every: 2", "every: 3"));
        refusesToGoOn("collaboration.every was 2 when the run began, and is 3 now", "--from-start");
        Files.writeString(scenario, "");
        refusesToGoOn("scenario.yaml", "nothing in it");
    }

    @Test
    void checkpointsThatCannotBeUsedAreNamedAndNothingIsDeleted() throws IOException {
        interrupted();
        Map<String, byte[]> whole = results();
        for (Path checkpoint : checkpoints(run)) {
            Files.writeString(checkpoint, "nothing of this kind");
        }
        List<Path> all = checkpoints(run);
        assertThat(all).hasSize(2);
        refusesToGoOn(all.get(0).toString(), all.get(1).toString(), "torn or has changed", "--from-start");
        for (Path checkpoint : all) {
            Files.delete(checkpoint);
        }
        refusesToGoOn("it was never saved", "--from-start");
        assertThat(coterie("resume", run.toString(), "--quiet", "--from-start"))
                .as(said())
                .isZero();
        assertThat(said()).contains("begins again, since it could not go on: it was never saved");
        assertResults(whole);
    }

    @Test
    void aCheckpointOfAnotherRunIsNotUsed() throws IOException {
        run(folder.resolve("twin"));
        interrupted();
        List<Path> own = checkpoints(run);
        List<Path> others = checkpoints(folder.resolve("twin"));
        for (int k = 0; k < own.size(); k++) {
            Files.copy(others.get(k), own.get(k), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        refusesToGoOn("another run");
    }

    @Test
    void whatAResultWasMadeFromMustBeKnown() throws IOException {
        interrupted();
        Files.writeString(run.resolve("run.json"), "{\"id\":");
        refusesToGoOn("run.json", "no whole JSON");
        Files.delete(run.resolve("run.json"));
        refusesToGoOn("there is no run.json", "--from-start");
        Files.writeString(run.resolve("run.json"), "{}");
        refusesToGoOn("run.json: id must be a text", "--from-start");
        assertThat(coterie("resume", run.toString(), "--quiet", "--from-start"))
                .as(said())
                .isZero();
    }

    @Test
    void anotherTextIsRefusedAndWhatIsNotReadIsNot() throws IOException {
        Path text = Files.createDirectories(folder.resolve("texts"));
        for (String name : List.of("a", "b")) {
            Files.writeString(text.resolve(name + ".lines.txt"), lines(name));
        }
        interrupted("--set", "data.source=text", "--set", "data.path=" + text);
        Map<String, byte[]> whole = results();
        String before = Files.readString(text.resolve("b.lines.txt"));
        Files.writeString(text.resolve("b.lines.txt"), before.replaceFirst("again", "twice"));
        refusesToGoOn("what data.path names has changed since the run began (sha256:");
        Files.delete(text.resolve("b.lines.txt"));
        refusesToGoOn("what data.path names has changed");
        Path aside = Files.move(text, folder.resolve("aside"));
        refusesToGoOn("what data.path names cannot be read from here: " + text);
        Files.move(aside, text);
        Files.writeString(text.resolve("b.lines.txt"), before);
        Files.writeString(text.resolve(".DS_Store"), "left by a system");
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isZero();
        assertResults(whole);
    }

    private static String lines(String name) {
        return IntStream.range(0, 300)
                .mapToObj(k -> name + " sentence number " + k + " is said again.\n")
                .collect(Collectors.joining());
    }

    @Test
    void anotherProgramIsRefusedUnlessAllowed() throws IOException {
        interrupted();
        Map<String, byte[]> whole = results();
        editOrigin("program", "0.0.9-abcdef");
        refusesToGoOn("its results are of program 0.0.9-abcdef", "--allow-other-program");
        assertThat(coterie("resume", run.toString(), "--quiet", "--allow-other-program"))
                .as(said())
                .isZero();
        assertResults(whole);
        JsonNode origin = new ObjectMapper().readTree(run.resolve("run.json").toFile());
        assertThat(origin.path("program").asText()).isEqualTo("0.0.9-abcdef");
        assertThat(origin.path("went_on_with")).hasSize(1);
    }

    @Test
    void aRunThatIsCompleteButOfAnotherProgramIsNotMixedWithItsBaselines() throws IOException {
        run(run, "--set", "baselines=[local]");
        Files.delete(run.resolve("baselines/local/summary.json"));
        editOrigin("program", "0.0.9-abcdef");
        refusesToGoOn("its results are of program 0.0.9-abcdef");
        assertThat(coterie("resume", run.toString(), "--quiet", "--from-start"))
                .as(said())
                .isZero();
        assertThat(run.resolve("run.json")).content().doesNotContain("0.0.9-abcdef");
    }

    @Test
    void runsThatShareAFolderForCheckpointsLeaveEachOthersAlone() throws IOException {
        Path shared = folder.resolve("shared");
        Path second = folder.resolve("second");
        interrupted("--set", "checkpoints.path=" + shared);
        Map<String, byte[]> whole = results();
        List<Path> first = checkpoints(shared);
        assertThat(first).hasSize(2);
        run(second, "--set", "checkpoints.path=" + shared);
        assertThat(checkpoints(shared)).hasSize(4).containsAll(first);
        run(second, "--set", "checkpoints.path=" + shared, "--overwrite");
        assertThat(checkpoints(shared))
                .as("its own are gone, the other's are not")
                .hasSize(4)
                .containsAll(first);
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isZero();
        assertResults(whole);
        JsonNode summary =
                new ObjectMapper().readTree(run.resolve("summary.json").toFile());
        assertThat(summary.at("/checkpoints/resumed_from").asText()).isNotEmpty();
    }

    @Test
    void aCopyOfARunHasNotItsCheckpoints() throws IOException {
        Path shared = folder.resolve("shared");
        interrupted("--set", "checkpoints.path=" + shared);
        Map<String, byte[]> whole = results();
        List<Path> own = checkpoints(shared);
        Path original = run;
        run = folder.resolve("copy");
        for (Map.Entry<Path, byte[]> e : content(original).entrySet()) {
            Files.createDirectories(run.resolve(e.getKey()).getParent());
            Files.write(run.resolve(e.getKey()), e.getValue());
        }
        refusesToGoOn("it is a copy of " + original + ", to which its checkpoints belong", "--from-start");
        run(run, "--set", "checkpoints.path=" + shared, "--overwrite");
        assertThat(checkpoints(shared)).containsAll(own);
        run = original;
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isZero();
        assertResults(whole);
    }

    @Test
    void aRunThatWasMovedIsNoCopy() throws IOException {
        interrupted("--set", "checkpoints.path=" + folder.resolve("shared"));
        run = Files.move(run, folder.resolve("moved"));
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isZero();
    }

    @Test
    void whatIsReadAfterARunHasBegunIsWhatItSaysItWasMadeFrom() throws IOException {
        Path edges = Files.writeString(folder.resolve("edges.csv"), "0,1\n");
        run(run, "--set", "topology.kind=file", "--set", "topology.path=" + edges, "--set", "baselines=[local]");
        Files.delete(run.resolve("baselines/local/summary.json"));
        Files.writeString(edges, "0,1\n1,0\n");
        run = run.resolve("baselines/local");
        refusesToGoOn("what topology.path names has changed");
    }

    @Test
    void aLockThatIsALinkIsNotFollowed() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "kept");
        interrupted();
        Files.delete(run.resolve(".lock"));
        Files.createSymbolicLink(run.resolve(".lock"), precious);
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isEqualTo(2);
        assertThat(precious).hasContent("kept");
    }

    @Test
    void whatAKilledProcessHasBegunToWriteIsNoResult() throws IOException {
        Files.createDirectories(run);
        Files.writeString(run.resolve(".scenario.yaml123.part"), "na");
        run(run);
        assertThat(run.resolve(".scenario.yaml123.part")).doesNotExist();
    }

    @Test
    void aFolderForCheckpointsIsFoundUnderItsNewName() throws IOException {
        Path shared = folder.resolve("shared");
        interrupted("--set", "checkpoints.path=" + shared);
        Path moved = Files.move(shared, folder.resolve("moved"));
        refusesToGoOn("it was never saved");
        Path scenario = run.resolve("scenario.yaml");
        Files.writeString(scenario, Files.readString(scenario).replace(shared.toString(), moved.toString()));
        assertThat(coterie("resume", run.toString(), "--quiet")).as(said()).isZero();
        JsonNode summary =
                new ObjectMapper().readTree(run.resolve("summary.json").toFile());
        assertThat(summary.at("/checkpoints/resumed_from").asText()).isNotEmpty();
    }

    @Test
    void resultFilesThatWereEmptiedAreNotWrittenAnewUnasked() throws IOException {
        interrupted();
        for (String name : RESULTS.subList(0, 5)) {
            Files.writeString(run.resolve(name), "");
        }
        Files.writeString(run.resolve("timing.jsonl"), "");
        refusesToGoOn("turns.jsonl", "--from-start");
    }

    @Test
    void aRunThatAnotherStudyHasDoneMeanwhileIsNotDoneAgain() throws IOException {
        Files.writeString(folder.resolve("small.yaml"), SMALL);
        Path file =
                Files.writeString(folder.resolve("s.yaml"), "scenario: small.yaml\nseeds: [1]\ngrid: {users: [2]}\n");
        Path all = folder.resolve("study");
        Study study = Study.read(file, Files.readString(file), List.of(), false);
        StudyRuns early = new StudyRuns(
                new StudyFolders(all, false), study.runs(), new ResumeRules(false, false, true), null, false);
        assertThat(coterie("study", file.toString(), "--out", all.toString(), "--quiet"))
                .as(said())
                .isZero();
        run = firstRun(all);
        Map<Path, byte[]> before = content(run);
        assertThat(early.run(1, "cpu", 1, 1)).isEmpty();
        assertSame(content(run), before);
    }

    @Test
    void aStudyTakesOnlyResultsOfTheSameProgramAndFiles() throws IOException {
        Files.writeString(folder.resolve("small.yaml"), SMALL);
        Path graph = Files.writeString(folder.resolve("edges.csv"), "0,1\n");
        Path study = Files.writeString(
                folder.resolve("s.yaml"),
                "scenario: small.yaml\nseeds: [1, 2]\ngrid: {users: [2]}\n"
                        + "set: {topology.kind: file, topology.path: " + graph + "}\n");
        Path all = folder.resolve("study");
        String[] command = {"study", study.toString(), "--out", all.toString(), "--quiet"};
        assertThat(coterie(command)).as(said()).isZero();
        Path one = firstRun(all);
        Map<Path, byte[]> before = content(all);
        assertThat(coterie(command)).as(said()).isZero();
        assertSame(content(all), before);

        run = one;
        editOrigin("program", "0.0.9-abcdef");
        before = content(all);
        assertThat(coterie(command)).as(said()).isEqualTo(2);
        assertThat(said()).contains(one.toString(), "program 0.0.9-abcdef", "--allow-other-program");
        assertSame(content(all), before);
        assertThat(coterie(with(command, "--allow-other-program"))).as(said()).isZero();
        assertSame(content(all), before);
        assertThat(coterie(with(command, "--from-start"))).as(said()).isZero();
        assertThat(one.resolve("run.json")).content().doesNotContain("0.0.9-abcdef");

        Files.writeString(graph, "0,1\n1,0\n");
        assertThat(coterie(command)).as(said()).isEqualTo(2);
        assertThat(said()).contains("what topology.path names has changed", "1 more of the study's runs");

        FolderLock lock = FolderLock.take(all.resolve("s"));
        try {
            assertThat(coterie(command)).as(said()).isEqualTo(2);
            assertThat(said()).contains(all.resolve("s") + " is in use");
        } finally {
            lock.close();
        }
    }

    @Test
    void resultsOfAnotherProgramDoNotCountInAStudyAndAreNamed() throws IOException {
        Files.writeString(folder.resolve("small.yaml"), SMALL);
        Path study =
                Files.writeString(folder.resolve("s.yaml"), "scenario: small.yaml\nseeds: [1]\ngrid: {users: [2]}\n");
        Path all = folder.resolve("study");
        String[] command = {"study", study.toString(), "--out", all.toString()};
        assertThat(coterie(command)).as(said()).isZero();
        Path own = firstRun(all);
        assertThat(own.getFileName().toString()).matches("[0-9a-f]{16}-" + Pattern.quote(Build.version()));
        assertThat(said()).doesNotContain("another program");

        String scenario = own.getFileName().toString().substring(0, 16);
        run = Files.move(own, own.resolveSibling(scenario + "-0.0.9-abcdef"));
        editOrigin("program", "0.0.9-abcdef");
        Map<Path, byte[]> before = content(run);
        assertThat(coterie(with(command, "--allow-other-program"))).as(said()).isZero();
        assertThat(own).as("the results there are taken as they are").doesNotExist();
        assertThat(coterie(with(command, "--dry-run"))).as(said()).isZero();
        assertThat(said()).contains("results of another program (0.0.9-abcdef) do not count", "to do");
        assertThat(coterie(command)).as(said()).isZero();
        assertThat(said())
                .contains("results of another program (0.0.9-abcdef) do not count, runs to do again: 1; "
                        + "--allow-other-program takes them as they are");
        assertThat(own.resolve("summary.json")).exists();
        assertSame(content(run), before);
    }

    private static String[] with(String[] command, String option) {
        return Stream.concat(Arrays.stream(command), Stream.of(option)).toArray(String[]::new);
    }

    @Test
    void aStudyBeginsAgainWhatWasNeverSavedAndSaysSo() throws IOException {
        Files.writeString(folder.resolve("small.yaml"), SMALL);
        Path study = Files.writeString(
                folder.resolve("s.yaml"),
                "scenario: small.yaml\nseeds: [1]\ngrid: {users: [2]}\n"
                        + "set: {checkpoints.every_turns: 0, checkpoints.every_minutes: 0}\n");
        Path all = folder.resolve("study");
        assertThat(coterie("study", study.toString(), "--out", all.toString(), "--quiet"))
                .as(said())
                .isZero();
        run = firstRun(all);
        Map<String, byte[]> whole = results();
        Files.delete(run.resolve("summary.json"));
        assertThat(coterie("study", study.toString(), "--out", all.toString()))
                .as(said())
                .isZero();
        assertThat(said()).contains(run + ": begins again, since it could not go on: it was never saved");
        assertResults(whole);
    }

    private static Path firstRun(Path study) throws IOException {
        try (Stream<Path> runs = Files.list(study.resolve("runs"))) {
            return runs.min(Comparator.naturalOrder()).orElseThrow();
        }
    }
}
