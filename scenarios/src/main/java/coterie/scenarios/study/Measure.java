package coterie.scenarios.study;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.task.Metric;
import coterie.model.task.Target;
import coterie.model.task.Task;
import coterie.model.trust.Oracle;
import coterie.model.trust.TrustRow;
import coterie.scenarios.config.InputException;
import coterie.scenarios.report.RunParticipants;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.Statistics;
import coterie.scenarios.results.TaskJson;
import coterie.topology.files.Shown;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a study compares: one number of each run. {@link #parse} reads its name. */
sealed interface Measure {
    /** Names that {@link #parse} reads, for messages and documentation. */
    String ALLOWED = "KEY.KEY of summary.json (perplexity.mean), METRIC@SECONDSs (perplexity@600s), METRIC.auc and"
            + " METRIC.auc@SECONDSs (perplexity.auc@600s), time_to(METRIC<=VALUE), trust_to_oracle_l1@SECONDSs";
    /** What is measured of trust at an instant. */
    String TO_ORACLE = "trust_to_oracle_l1";
    /** Keys of summary.json below which there are numbers, besides those of the task's reported metrics. */
    List<String> KEYS = List.of(
            "attackers",
            "bytes_sent",
            "checkpoints",
            "consensus_distance",
            "crashes",
            "events",
            "forward_passes",
            "graph_spectral_gap",
            "groups",
            "honest",
            "messages",
            "oracle_correlation",
            "participation",
            "peak_memory_bytes",
            "presence",
            "seed",
            "spectral_gap",
            "staleness",
            "target",
            "tokens_per_second",
            "tokens_trained",
            "total_seconds",
            "trust_change_l1",
            "trust_rank_correlation",
            TO_ORACLE,
            "trust_to_uniform_l1",
            "turns",
            "users",
            "utility",
            "utility_correlation",
            "virtual_seconds",
            "wall_seconds");

    /** Measures, and keys above measures, of which higher values are better. */
    List<String> HIGHER = List.of(
            "attackers.auc",
            "attackers.detected",
            "attackers.rank",
            "oracle_correlation",
            "trust_rank_correlation",
            "utility.mean",
            "utility_correlation");

    /**
     * Its value in a run that has ended.
     *
     * @param folder of the run
     * @return NaN if training diverged, {@link StudyTable#NEVER} if the run ended before it had a value, null if there
     *     is none for another reason
     * @throws InputException if the run has no such number
     * @throws IOException if the run's files cannot be read
     */
    Double of(JsonNode summary, Path folder) throws IOException;

    /** Whether lower or higher values are better. */
    Metric.Direction better();

    /**
     * The latest instant that it needs, in virtual seconds; 0 for none. A run must not end before by
     * {@code time.until_seconds}.
     */
    default double instant() {
        return 0;
    }

    /** A number of {@code summary.json}. */
    record InSummary(String path, Metric.Direction better) implements Measure {
        @Override
        public Double of(JsonNode summary, Path folder) {
            return StudyRuns.measured(summary, path);
        }
    }

    /** The mean over users at an instant. */
    record AtInstant(Metric metric, double instant) implements Measure {
        @Override
        public Double of(JsonNode summary, Path folder) throws IOException {
            return ofCurve(summary, folder, metric, instant, c -> c.value(instant));
        }

        @Override
        public Metric.Direction better() {
            return metric.better();
        }
    }

    /**
     * The area under the mean over users.
     *
     * @param until virtual seconds; infinite for the end of the run
     */
    record Area(Metric metric, double until) implements Measure {
        @Override
        public Double of(JsonNode summary, Path folder) throws IOException {
            double end =
                    Double.isInfinite(until) ? summary.path("virtual_seconds").asDouble() : until;
            return ofCurve(summary, folder, metric, instant(), c -> c.area(end));
        }

        @Override
        public double instant() {
            return Double.isInfinite(until) ? 0 : until;
        }

        @Override
        public Metric.Direction better() {
            return metric.better();
        }
    }

    /** Virtual seconds until the mean over users reaches a value. */
    record TimeTo(Target target) implements Measure {
        @Override
        public Double of(JsonNode summary, Path folder) throws IOException {
            return ofCurve(summary, folder, target.metric(), 0, c -> c.reaches(target));
        }

        @Override
        public Metric.Direction better() {
            return Metric.Direction.LOWER;
        }
    }

    /**
     * The mean over users of the L1 distance between the row that a user mixed last by an instant, and the oracle's
     * over the same candidates at that instant.
     */
    record TrustToOracle(double instant) implements Measure {
        @Override
        public Double of(JsonNode summary, Path folder) throws IOException {
            if (StudyRuns.diverged(summary)) {
                return Double.NaN;
            }
            if (endedBefore(summary, instant)) {
                return StudyTable.NEVER;
            }
            TrustRow[] rows = new TrustRow[summary.path("users").asInt()];
            Records.mixings(folder, m -> {
                if (m.seconds() <= instant) {
                    rows[m.user()] = m.row();
                }
            });
            Oracle oracle = new Oracle(RunParticipants.read(folder).data());
            double mean = Statistics.mean(IntStream.range(0, rows.length)
                    .mapToDouble(u -> rows[u] == null ? Double.NaN : oracle.distance(u, rows[u], instant))
                    .toArray());
            return Double.isNaN(mean) ? null : mean;
        }

        @Override
        public Metric.Direction better() {
            return Metric.Direction.LOWER;
        }
    }

    /** Computes a number from the curve of a run. */
    interface OfCurve {
        double number(MeanCurve curve);
    }

    private static Double ofCurve(JsonNode summary, Path folder, Metric metric, double instant, OfCurve number)
            throws IOException {
        if (StudyRuns.diverged(summary)) {
            return Double.NaN;
        }
        Task task = TaskJson.read(summary);
        Metric own = task.metric(metric.name());
        if (own == null) {
            throw new InputException("measure: " + folder + " has no metric " + metric.name());
        }
        if (endedBefore(summary, instant)) {
            return StudyTable.NEVER;
        }
        double value = number.number(
                MeanCurve.read(folder, task, own, summary.path("users").asInt()));
        return Double.isNaN(value) ? null : value;
    }

    /** Users that have done all turns keep their values; what they would be after a target or a stop is unknown. */
    private static boolean endedBefore(JsonNode summary, double instant) {
        boolean over =
                List.of("turns", "gone").contains(summary.path("ended_by").asText());
        return !over && instant > summary.path("virtual_seconds").asDouble();
    }

    /**
     * Reads a measure.
     *
     * @param task of the runs
     * @throws IllegalArgumentException if it is none; the message says what is allowed
     */
    static Measure parse(String text, Task task) {
        Matcher timeTo = Pattern.compile("time_to\\(\\s*([^<>=\\s]*)\\s*(<=|>=)\\s*([^\\s)]*)\\s*\\)")
                .matcher(text);
        if (timeTo.matches()) {
            Metric metric = metric(timeTo.group(1), task);
            boolean lower = metric.better() == Metric.Direction.LOWER;
            if (lower != timeTo.group(2).equals("<=")) {
                throw new IllegalArgumentException((lower ? "lower" : "higher") + " " + metric.name()
                        + " is better, allowed is time_to(" + metric.name() + (lower ? "<=" : ">=")
                        + timeTo.group(3) + "), found " + shown(text));
            }
            return new TimeTo(new Target(metric, number(timeTo.group(3), text)));
        }
        Matcher area = Pattern.compile("([^.@]*)[.]auc(?:@(.*)s)?").matcher(text);
        if (area.matches() && !KEYS.contains(area.group(1))) {
            return new Area(
                    metric(area.group(1), task),
                    area.group(2) == null ? Double.POSITIVE_INFINITY : seconds(area.group(2), text));
        }
        Matcher instant = Pattern.compile("([^.@]*)@(.*)s").matcher(text);
        if (instant.matches()) {
            double at = seconds(instant.group(2), text);
            return instant.group(1).equals(TO_ORACLE)
                    ? new TrustToOracle(at)
                    : new AtInstant(metric(instant.group(1), task), at);
        }
        if (!text.matches("[a-z0-9_]+([.][a-z0-9_]+)*")) {
            throw new IllegalArgumentException("allowed are " + ALLOWED + "; found " + shown(text));
        }
        String first = text.replaceFirst("[.].*", "");
        Metric metric = task.metric(first);
        if (!KEYS.contains(first) && (metric == null || !task.reported().contains(metric))) {
            TreeSet<String> keys = new TreeSet<>(KEYS);
            task.reported().forEach(m -> keys.add(m.name()));
            throw new IllegalArgumentException("summary.json has no numbers at " + shown(first) + "; allowed are "
                    + ALLOWED + ", with the first KEY one of " + String.join(", ", keys));
        }
        // honest.METRIC.mean
        Metric ofHonest = first.equals("honest") ? task.metric(text.replaceFirst("honest[.]?([^.]*).*", "$1")) : null;
        boolean higher = HIGHER.contains(text) || HIGHER.contains(first);
        Metric.Direction better = higher ? Metric.Direction.HIGHER : Metric.Direction.LOWER;
        return new InSummary(text, metric != null ? metric.better() : ofHonest != null ? ofHonest.better() : better);
    }

    private static Metric metric(String name, Task task) {
        Metric metric = task.metric(name);
        if (metric == null) {
            throw new IllegalArgumentException("there is no metric " + shown(name) + "; METRIC must be one of "
                    + task.metrics().stream().map(Metric::name).collect(Collectors.joining(", ")) + " in " + ALLOWED);
        }
        return metric;
    }

    private static double seconds(String number, String text) {
        double seconds = number(number, text);
        if (!(seconds >= 0 && seconds <= Ticks.LONGEST_SECONDS)) {
            throw new IllegalArgumentException(
                    "SECONDS must be from 0 to " + (long) Ticks.LONGEST_SECONDS + ", found " + shown(text));
        }
        return seconds;
    }

    private static double number(String number, String text) {
        if (!number.matches("[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw new IllegalArgumentException(
                    shown(number) + " is no number; allowed are " + ALLOWED + "; found " + shown(text));
        }
        return Double.parseDouble(number);
    }

    private static String shown(String text) {
        return '"' + Shown.of(text, 80) + '"';
    }
}
