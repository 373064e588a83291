package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.scenarios.run.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code coterie runs}, and the folders that runs take if none is named. */
class RunsCommandTest extends RunFolderFixture {
    private static final int MANY = 1000;

    private Path runs() {
        return folder.resolve("runs");
    }

    private Path made(String name, String... more) throws IOException {
        Path at = runs().resolve(name);
        run(at, more);
        return at;
    }

    private List<String> list(String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "runs";
        words[1] = runs().toString();
        System.arraycopy(options, 0, words, 2, options.length);
        assertThat(coterie(words)).as(said()).isZero();
        return terminal.out().lines().toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (String name : List.of("scenario.yaml", "run.json", "summary.json")) {
            Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void whatDiffersIsAColumnAndTheRestIsNot() throws IOException {
        Path plain = made("plain", "--set", "baselines=[local]");
        Path lossy = made("lossy", "--set", "time.loss=0.5", "--set", "training.iterations=4");
        List<String> lines = list("--filter", "strategy=model-similarity");
        assertThat(lines.get(0)).matches("run +strategy +loss +iterations +perplexity +status +began \\(UTC\\) +took");
        assertThat(lines.get(1)).matches(lossy + " +model-similarity +0[.]5 +4 +[0-9.]+ ± [0-9.]+ +completed +20.*s");
        assertThat(lines.get(2)).matches(plain + " +model-similarity +0[.]0 +6 +[0-9.]+ ± [0-9.]+ +completed +20.*s");
        assertThat(lines.get(3)).isEqualTo("(runs: 2; mean ± standard deviation over users)");
        assertThat(list())
                .as("a run's baselines follow it")
                .hasSize(5)
                .element(3)
                .asString()
                .startsWith(plain + "/baselines/local ");

        Path other = made("other", "--set", "topology={kind: k-regular, degree: 1}");
        assertThat(list("--filter", "strategy=model-similarity").get(0))
                .as("the degree is a setting of that kind")
                .matches("run +strategy +loss +kind +iterations +perplexity .*");
        assertThat(list().get(5)).startsWith("(runs: 4; mean").contains("; more settings differ: ");
        assertThat(list("--filter", "strategy=model-similarity", "--format", "csv")
                        .get(0))
                .startsWith("run,strategy,time.loss,topology.kind,training.iterations,topology.degree,perplexity,");
        delete(other);

        assertThat(list("--sort", "loss", "--filter", "strategy=model-similarity")
                        .get(1))
                .startsWith(plain + " ");
        assertThat(list("--sort", "training.iterations", "--descending", "--filter", "time.loss=0.50"))
                .hasSize(3);
        assertThat(list("--filter", "strategy=local", "--filter", "loss=0")).hasSize(3);
        assertThat(list("--filter", "strategy=local", "--filter", "loss=0.5"))
                .contains("(runs: 0; mean ± standard deviation over users)");
        List<String> best = list("--sort", "perplexity", "--format", "csv");
        assertThat(best.get(0))
                .startsWith("run,strategy,")
                .contains(",time.loss,")
                .endsWith(",perplexity,perplexity_std,status,began,wall_seconds");
        assertThat(best).hasSize(4);

        list("--format", "json");
        JsonNode json = new ObjectMapper().readTree(terminal.out());
        assertThat(json).hasSize(3);
        assertThat(json.get(0).path("run").asText()).isEqualTo(lossy.toString());
        assertThat(json.get(0).path("time.loss").asText()).isEqualTo("0.5");
        JsonNode summary =
                new ObjectMapper().readTree(lossy.resolve("summary.json").toFile());
        assertThat(json.get(0).path("perplexity")).isEqualTo(summary.at("/perplexity/mean"));
        assertThat(json.get(0).path("began")).isEqualTo(summary.at("/provenance/began"));
    }

    @Test
    void aDamagedFolderIsToldAndTheOthersAreListed() throws IOException {
        Path good = made("good");
        for (String name : List.of("broken", "empty", "foreign", "killed", "working", "older")) {
            copy(good, runs().resolve(name));
        }
        Files.writeString(runs().resolve("broken/run.json"), "{\"id\": ");
        Files.writeString(runs().resolve("empty/summary.json"), "");
        Files.writeString(
                runs().resolve("foreign/summary.json"),
                "{\"status\": \"completed\", \"task\": {\"metrics\": [{\"name\": \"NO NAME\"}]}}");
        Files.delete(runs().resolve("killed/summary.json"));
        Files.delete(runs().resolve("working/summary.json"));
        Files.delete(runs().resolve("older/run.json"));
        FolderLock lock = FolderLock.take(runs().resolve("working"));
        try {
            assertThat(list("--format", "csv"))
                    .filteredOn(l -> l.startsWith(runs().toString()))
                    .extracting(l -> l.replaceAll(".*/runs/([a-z]+),.*", "$1") + " "
                            + l.replaceAll(".*,(completed|damaged|unfinished|running),.*", "$1"))
                    .containsExactly(
                            "broken damaged",
                            "empty damaged",
                            "foreign damaged",
                            "good completed",
                            "killed unfinished",
                            "older completed",
                            "working running");
            assertThat(said().lines().toList())
                    .hasSize(3)
                    .satisfiesExactly(
                            l -> assertThat(l).startsWith("coterie: damaged: " + runs() + "/broken/run.json:1: "),
                            l -> assertThat(l).startsWith("coterie: damaged: " + runs() + "/empty/summary.json"),
                            l -> assertThat(l).startsWith("coterie: damaged: " + runs() + "/foreign: "));
            assertThat(list("--filter", "status=running")).hasSize(3);
        } finally {
            lock.close();
        }
        assertThat(list("--filter", "status=running")).hasSize(2);
    }

    @Test
    void wrongWordsAreRefused() throws IOException {
        made("one");
        assertThat(coterie("runs", folder.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(said()).contains("is no folder");
        assertThat(coterie("runs", Files.createDirectory(folder.resolve("bare")).toString()))
                .isEqualTo(2);
        assertThat(said()).contains("there is no run");
        assertThat(coterie("runs", runs().toString(), "--filter", "colour")).isEqualTo(2);
        assertThat(said()).contains("--filter: must be KEY=VALUE, found \"colour\"");
        assertThat(coterie("runs", runs().toString(), "--descending")).isEqualTo(2);
        assertThat(said()).contains("--descending needs --sort");
        assertThat(coterie("runs", runs().toString(), "--sort", "colour")).isEqualTo(2);
        assertThat(said()).contains("no run has a setting colour", "run, strategy, perplexity");
        assertThat(coterie("runs", runs().toString(), "--filter", "model=x")).isEqualTo(2);
        assertThat(said()).contains("may be ", "time.compute.model");
    }

    @Test
    void aThousandRunsAreListed() throws IOException {
        Path one = made("one");
        for (int k = 0; k < MANY; k++) {
            copy(one, runs().resolve("study/runs/" + k));
        }
        long begin = System.nanoTime();
        assertThat(list("--sort", "perplexity")).hasSize(MANY + 3);
        System.out.println(MANY + " runs are listed in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
    }

    @Test
    void aRunWithoutANamedFolderTakesTheNextFreeOne() throws Exception {
        Path scenario = Files.writeString(folder.resolve("small.yaml"), SMALL);
        try (Shell shell = new Shell(folder, System.getProperty("java.class.path"), folder.resolve("log.txt"))) {
            String[] command = {"run", scenario.toString(), "--quiet", "--threads", "1"};
            assertThat(shell.coterie(command)).as(shell.said()).isZero();
            assertThat(shell.said().lines()).contains("results: runs/small-1");
            byte[] first = Files.readAllBytes(runs().resolve("small-1/summary.json"));
            assertThat(shell.coterie(command)).as(shell.said()).isZero();
            assertThat(shell.said().lines())
                    .contains("results: runs/small-1.2 (the next free folder: runs/small-1 exists)");
            assertThat(runs().resolve("small-1/summary.json")).hasBinaryContent(first);
            assertThat(runs().resolve("small-1.2/turns.jsonl"))
                    .hasSameBinaryContentAs(runs().resolve("small-1/turns.jsonl"));

            String[] refused = {"run", scenario.toString(), "--set", "data.source=text", "--set", "data.path=nowhere"};
            assertThat(shell.coterie(refused)).isEqualTo(2);
            assertThat(runs().resolve("small-1.3")).doesNotExist();

            String[] named = {"run", scenario.toString(), "--quiet", "--out", "runs/small-1"};
            assertThat(shell.coterie(named)).isEqualTo(2);
            assertThat(shell.said()).contains("runs/small-1 holds results already");
            assertThat(shell.coterie("run", scenario.toString(), "--quiet", "--overwrite"))
                    .as(shell.said())
                    .isZero();
            assertThat(shell.said().lines()).contains("results: runs/small-1");
            assertThat(Files.readAllBytes(runs().resolve("small-1/summary.json")))
                    .isNotEqualTo(first);
            assertThat(shell.coterie("runs")).as(shell.said()).isZero();
            assertThat(shell.said())
                    .contains("runs/small-1 ", "runs/small-1.2 ")
                    .doesNotContain("small-1.3");
        }
    }
}
