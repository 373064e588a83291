package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.config.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs side by side: their names, columns and differences, from folders with a summary and settings. */
class RunComparisonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    /** A run of two users, with these perplexities. */
    private Path run(String name, String strategy, String loss, double... perplexity) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        ObjectNode origin = JSON.createObjectNode();
        origin.putObject("scenario")
                .put("collaboration.strategy", strategy)
                .put("seed", "1")
                .put("time.loss", loss);
        Files.writeString(run.resolve("run.json"), origin.toString());
        Files.writeString(run.resolve("evaluations.jsonl"), "");
        ObjectNode summary = JSON.createObjectNode();
        summary.put("scenario", "same").put("strategy", strategy).put("status", "completed");
        summary.put("users", perplexity.length);
        ObjectNode found = summary.putObject("perplexity")
                .put("mean", (perplexity[0] + perplexity[1]) / 2)
                .put("std", 1);
        ArrayNode users = found.putArray("per_user");
        for (double p : perplexity) {
            users.add(p);
        }
        summary.putObject("staleness")
                .put("mean_versions", 0.5)
                .putObject("versions")
                .put("count", strategy.equals("local") ? 0 : 8);
        summary.putObject("bytes_sent").put("total", 2_000_000);
        summary.putObject("provenance").put("data_hash", "d1");
        Files.writeString(run.resolve("summary.json"), summary.toString());
        return run;
    }

    private static void edit(Path run, String pointer, String key, String value) throws IOException {
        ObjectNode summary =
                (ObjectNode) JSON.readTree(run.resolve("summary.json").toFile());
        ((ObjectNode) summary.at(pointer)).put(key, value);
        Files.writeString(run.resolve("summary.json"), summary.toString());
    }

    @Test
    void runsThatDifferInOneSettingAreToldApartByIt() throws IOException {
        Path a = run("runs/x-1", "fedavg", "0.0", 10, 12);
        Path b = run("runs/x-1.2", "fedavg", "0.1", 9, 13);
        Path local = run("runs/x-1/baselines/local", "local", "0.0", 20, 20);
        List<Path> all = RunComparison.withBaselines(List.of(a, b, local));
        assertThat(all).as("a baseline follows its run, once").containsExactly(a, local, b);
        Comparison c = RunComparison.of("title", all, a);
        assertThat(c.keys()).containsExactly("run", "strategy", "time.loss");
        assertThat(c.rows())
                .extracting(Comparison.Row::name)
                .containsExactly("fedavg, loss 0.0", "local, loss 0.0", "fedavg, loss 0.1");
        assertThat(c.rows())
                .extracting(r -> r.values().get("run"))
                .containsExactly("x-1", "x-1/baselines/local", "x-1.2");
        assertThat(c.rows().get(0).pairs()).isNull();
        assertThat(c.rows().get(1).difference().mean()).isEqualTo(9);
        assertThat(c.rows().get(2).difference().mean()).isEqualTo(0);
        // t₀.₉₇₅(1) = 12.706 and the differences −1 and 1 deviate by √2.
        assertThat(c.rows().get(2).difference().interval()).isCloseTo(12.706, within(0.001));
        assertThat(c.rows().get(2).pairs().better()).isEqualTo(1);
        assertThat(c.rows()).extracting(Comparison.Row::best).containsExactly(true, false, true);
        assertThat(c.text().lines().toList())
                .satisfiesExactly(
                        l -> assertThat(l)
                                .matches("run +strategy +loss +perplexity +difference +better +versions old.*"),
                        l -> assertThat(l).matches("x-1 +fedavg +0.0 +11.00 ± 1.00 [*] +- +- +0.50 .* 2.0 MB.*"),
                        l -> assertThat(l)
                                .matches(
                                        "x-1/baselines/local +local +0.0 +20.00 ± 1.00 +9.00 [\\[]-3.71, 21.71[]] +0/2 +- .*"),
                        l -> assertThat(l).matches("x-1.2 +fedavg +0.1 .* 0.00 [\\[]-12.71, 12.71[]] +1/2 .*"));
        ObjectNode page = c.json(folder);
        assertThat(page.path("against").asText()).isEqualTo("fedavg, loss 0.0");
        assertThat(page.at("/rows/1/by_user").toString()).isEqualTo("[[0,10],[1,8]]");

        Comparison other = RunComparison.of("title", all, local);
        assertThat(other.rows().get(0).difference().mean()).isEqualTo(-9);
        assertThatThrownBy(() -> RunComparison.of("title", all, folder.resolve("nowhere")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nowhere is not among the compared runs");
    }

    @Test
    void honestUsersHaveAColumnIfAnyUserAttacks() throws IOException {
        Path attacked = run("attacked", "fedavg", "0.0", 10, 90);
        Path honest = run("honest", "fedavg", "0.1", 10, 12);
        Path file = attacked.resolve("summary.json");
        ObjectNode summary = (ObjectNode) JSON.readTree(file.toFile());
        summary.putObject("attackers").put("weight", 0.25);
        summary.putObject("honest").putObject("perplexity").put("mean", 10);
        Files.writeString(file, summary.toString());
        Comparison c = RunComparison.of("title", List.of(attacked, honest), attacked);
        assertThat(c.rows().get(0).figures().subList(0, 2))
                .extracting(Comparison.Figure::label, Comparison.Figure::value)
                .containsExactly(tuple("honest users", 10.0), tuple("weight on attackers", 0.25));
        assertThat(c.rows().get(1).figures().get(0).value())
                .as("all users are honest")
                .isEqualTo(11);
        assertThat(c.rows().get(1).figures().get(1).value()).isNaN();
    }

    @Test
    void equalRunsHaveTheirFoldersNames() throws IOException {
        Path a = run("a/run", "local", "0.0", 10, 12);
        Path b = run("b/run", "local", "0.0", 10, 12);
        assertThat(RunComparison.of("title", List.of(a, b), a).rows())
                .extracting(Comparison.Row::name)
                .containsExactly("a/run", "b/run");
        Path c = run("c", "fedavg", "0.0", 10, 12);
        assertThat(RunComparison.of("title", List.of(a, b, c), a).rows())
                .extracting(Comparison.Row::name)
                .containsExactly("local (a/run)", "local (b/run)", "fedavg");
    }

    @Test
    void usersWithOtherDataAreNotPaired() throws IOException {
        Path a = run("a", "local", "0.0", 10, 12);
        Path b = run("b", "fedavg", "0.0", 10, 12);
        edit(b, "/provenance", "data_hash", "d2");
        assertThat(RunComparison.of("title", List.of(a, b), a).rows().get(1).pairs())
                .isNull();
        edit(b, "/provenance", "data_hash", "d1");
        assertThat(RunComparison.of("title", List.of(a, b), a).rows().get(1).pairs())
                .isNotNull();
        Path three = run("three", "fedavg", "0.0", 10, 12, 14);
        assertThat(RunComparison.of("title", List.of(a, three), a).rows().get(1).pairs())
                .as("another number of users")
                .isNull();
    }

    @Test
    void aRunThatEndedWithADivergenceHasNoResult() throws IOException {
        Path a = run("a", "local", "0.0", 10, 12);
        Path b = run("b", "fedavg", "0.0", 1, 1);
        edit(b, "", "status", "diverged");
        edit(b, "", "ended_by", "divergence");
        Comparison c = RunComparison.of("title", List.of(a, b), a);
        assertThat(c.keys()).containsExactly("run", "strategy", "status");
        assertThat(c.rows().get(1).found().lost()).isEqualTo("diverged");
        assertThat(c.rows()).extracting(Comparison.Row::best).containsExactly(true, false);
        assertThat(c.rows().get(1).pairs()).isNull();
    }

    @Test
    void ofManyUsersThePageHasQuantiles() throws IOException {
        double[] many = new double[1001];
        double[] zero = new double[1001];
        for (int u = 0; u < many.length; u++) {
            many[u] = 1000 - u;
        }
        Path a = run("a", "local", "0.0", zero);
        Path b = run("b", "fedavg", "0.0", many);
        ObjectNode page = RunComparison.of("title", List.of(a, b), a).json(folder);
        assertThat(page.at("/rows/1/by_user")).hasSize(200);
        assertThat(page.at("/rows/1/by_user/0").toString()).isEqualTo("[null,0]");
        assertThat(page.at("/rows/1/by_user/199").toString()).isEqualTo("[null,1000]");
    }
}
