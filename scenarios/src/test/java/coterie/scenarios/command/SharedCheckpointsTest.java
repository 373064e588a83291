package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Checkpoints of many runs in one folder. */
class SharedCheckpointsTest extends RunFolderFixture {
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
}
