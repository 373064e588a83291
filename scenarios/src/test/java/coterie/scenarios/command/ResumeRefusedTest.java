package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Results that a run cannot go on from are refused, with the reason and the way out. */
class ResumeRefusedTest extends RunFolderFixture {
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
    void whatIsReadAfterARunHasBegunIsWhatItSaysItWasMadeFrom() throws IOException {
        Path edges = Files.writeString(folder.resolve("edges.csv"), "0,1\n");
        run(run, "--set", "topology.kind=file", "--set", "topology.path=" + edges, "--set", "baselines=[local]");
        Files.delete(run.resolve("baselines/local/summary.json"));
        Files.writeString(edges, "0,1\n1,0\n");
        run = run.resolve("baselines/local");
        refusesToGoOn("what topology.path names has changed");
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
}
