package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.run.Build;
import coterie.scenarios.run.FolderLock;
import coterie.scenarios.run.ResumeRules;
import coterie.scenarios.study.Study;
import coterie.scenarios.study.StudyFolders;
import coterie.scenarios.study.StudyRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which results in the folders of a study's runs count. */
class StudyFoldersTest extends RunFolderFixture {
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
        assertThat(early.run(1, new HostDevice("cpu", 1, 1))).isEmpty();
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

    private static String[] with(String[] command, String option) {
        return Stream.concat(Arrays.stream(command), Stream.of(option)).toArray(String[]::new);
    }

    private static Path firstRun(Path study) throws IOException {
        try (Stream<Path> runs = Files.list(study.resolve("runs"))) {
            return runs.min(Comparator.naturalOrder()).orElseThrow();
        }
    }
}
