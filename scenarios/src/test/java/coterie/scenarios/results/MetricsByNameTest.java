package coterie.scenarios.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.actors.user.SimulationConfig;
import coterie.model.task.Target;
import coterie.model.task.Task;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.SimulationConfigs;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.report.Comparison;
import coterie.scenarios.report.RunComparison;
import coterie.scenarios.report.RunParticipants;
import coterie.scenarios.report.RunReport;
import coterie.scenarios.study.StudyRuns;
import coterie.topology.group.Groups;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task other than language modelling, with a metric of which higher is better, from its evaluations to its page. */
class MetricsByNameTest {
    private static final Task TASK = Task.CLASSIFICATION;

    @TempDir
    private Path folder;

    private static List<Observation> evaluations(double last) {
        List<Observation> all = new ArrayList<>();
        for (int user = 0; user < 2; user++) {
            all.add(new Observation.Evaluated(user, user, 0, 0, TASK.values(1.5, 0.25)));
        }
        for (int user = 0; user < 2; user++) {
            all.add(new Observation.Evaluated(10 + user, user, 5, 1, TASK.values(0.5, last)));
        }
        return all;
    }

    private static void record(Path run, double last) throws IOException {
        Files.createDirectories(run);
        try (Recorder recorder = new Recorder(run, TASK, (user, phase) -> "", false, false, null, 0)) {
            evaluations(last).forEach(recorder::observed);
        }
    }

    private static Statistics statistics(double last) {
        Statistics statistics = new Statistics(TASK, Groups.of(1, 2, List.of()), 2, new Target(Task.ACCURACY, 0.7), 1);
        evaluations(last).forEach(statistics::observed);
        return statistics;
    }

    private static ObjectNode summary(double last) {
        ObjectNode n = new ObjectMapper().createObjectNode();
        n.put("scenario", "x")
                .put("strategy", "local")
                .put("seed", 1)
                .put("users", 2)
                .put("status", "completed");
        Summary.metrics(n, statistics(last));
        return n;
    }

    @Test
    void evaluationsAreWrittenAndReadByName() throws IOException {
        record(folder, 0.75);
        assertThat(Files.readAllLines(folder.resolve("evaluations.jsonl")))
                .hasSize(4)
                .last()
                .isEqualTo("{\"virtual_seconds\":11.0,\"user\":1,\"iteration\":5,\"turn\":1,"
                        + "\"loss\":0.5,\"accuracy\":0.75}");
        List<Observation> read = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Records.check(folder, TASK, (o, place) -> read.add(o), problems::add);
        assertThat(read).isEqualTo(evaluations(0.75));
        assertThat(problems).isEmpty();
        Path file = folder.resolve("evaluations.jsonl");
        Files.writeString(file, Files.readString(file).replace("0.75", "\"much\""));
        Records.check(folder, TASK, (o, place) -> {}, problems::add);
        assertThat(problems).first().asString().contains("accuracy must be a number or null, found");
    }

    @Test
    void aSummaryNamesTheTaskAndHasAnObjectForEachMetric() {
        ObjectNode n = summary(0.75);
        assertThat(n.at("/accuracy/mean").asDouble()).isEqualTo(0.75);
        assertThat(n.at("/accuracy/before/0").asDouble()).isEqualTo(0.25);
        assertThat(n.at("/loss/mean").asDouble()).isEqualTo(0.5);
        assertThat(TaskJson.read(n)).isEqualTo(TASK);
        assertThat(StudyRuns.measured(n, "accuracy.mean")).isEqualTo(0.75);
    }

    @Test
    void aTargetForAccuracyIsReachedFromBelow() {
        ObjectNode n = new ObjectMapper().createObjectNode();
        Target target = new Target(Task.ACCURACY, 0.7);
        Summary.target(n, target, statistics(0.75), true);
        assertThat(n.at("/target/accuracy").asDouble()).isEqualTo(0.7);
        assertThat(n.at("/target/reached").asBoolean()).isTrue();
        assertThat(n.at("/target/virtual_seconds").asDouble()).isEqualTo(11);
        assertThat(statistics(0.6).reached()).isNull();
        assertThat(statistics(0.6).best()).isEqualTo(0.6);
    }

    @Test
    void theFinalTableMarksTheHighestAccuracy() {
        FinalTable table = new FinalTable();
        table.add(Strategy.of("local"), statistics(0.5), false);
        table.add(Strategy.of("fedavg"), statistics(0.75), false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .anyMatch(l -> l.matches("strategy +test accuracy +before .*"))
                .anyMatch(l -> l.matches("local +0[.]50 ± +0[.]00   .*"))
                .anyMatch(l -> l.matches("fedavg +0[.]75 ± +0[.]00 [*] .*"))
                .anyMatch(l -> l.contains("* the highest"));
    }

    @Test
    void aComparisonHasTheAccuracyOfEachRun() throws IOException {
        for (String run : List.of("low", "high")) {
            double accuracy = run.equals("low") ? 0.5 : 0.75;
            record(folder.resolve(run), accuracy);
            Files.writeString(
                    folder.resolve(run).resolve("summary.json"),
                    summary(accuracy).toString());
        }
        Path low = folder.resolve("low");
        Comparison compared = RunComparison.of("two", List.of(low, folder.resolve("high")), low);
        assertThat(compared.measure()).isEqualTo("accuracy");
        assertThat(compared.rows()).extracting(Comparison.Row::best).containsExactly(false, true);
        String page = compared.html(folder);
        assertThat(page).contains("\"better\":\"higher\"").contains("\"mean\":[0.25,0.5]");
    }

    @Test
    void aReportHasCurvesOfEachReportedMetric() {
        RunReport report =
                new RunReport(new RunParticipants(List.of("a", "b"), new double[][] {{1, 0}, {0, 1}}, null), TASK);
        evaluations(0.75).forEach(report::observed);
        JsonNode metrics = report.json().path("metrics");
        assertThat(metrics).extracting(m -> m.path("name").asText()).containsExactly("accuracy", "loss");
        assertThat(metrics.at("/0/by_iteration/mean/1").asDouble()).isEqualTo(0.75);
        assertThat(metrics.at("/1/by_iteration/mean/1").asDouble()).isEqualTo(0.5);
    }

    private static SimulationConfig config(String evaluation) {
        Loaded loaded = ScenarioReader.read(Path.of("x.yaml"), "users: 2\nevaluation: " + evaluation + "\n", List.of());
        return SimulationConfigs.checked(loaded.scenario(), null, loaded::at);
    }

    @Test
    void aScenarioNamesTheMetricThatEndsIt() {
        assertThat(config("{target: {metric: loss, value: 2.5}}").target()).isEqualTo(new Target(Task.LOSS, 2.5));
        assertThat(config("{target_perplexity: 80}").target()).isEqualTo(new Target(Task.PERPLEXITY, 80));
        assertThat(config("{every: 5}").target()).isNull();
        assertThatThrownBy(() -> config("{target: {metric: accuracy, value: 0.8}}"))
                .isInstanceOf(InputException.class)
                .hasMessage("x.yaml:2: evaluation.target.metric: this run does not measure accuracy, allowed: loss,"
                        + " perplexity");
        assertThatThrownBy(() -> config("{target: {value: 0.8}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("metric must name a metric, found nothing");
        assertThatThrownBy(() -> config("{target: {metric: loss, value: 2}, target_perplexity: 80}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("target and target_perplexity must not both be set");
    }
}
