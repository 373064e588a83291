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
import coterie.scenarios.results.TrustInAttackers;
import coterie.topology.adversary.Adversaries;
import coterie.topology.files.Shown;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a study compares: one number of each run. {@link #parse} reads its name. */
sealed interface Measure
        permits Measure.InSummary,
                Measure.AtInstant,
                Measure.Area,
                Measure.TimeTo,
                Measure.TrustToOracle,
                AttackMeasure {
    /** Names that {@link #parse} reads, for messages and documentation. */
    String ALLOWED = "KEY.KEY of summary.json (perplexity.mean), METRIC@SECONDSs (perplexity@600s), METRIC.auc and"
            + " METRIC.auc@SECONDSs (perplexity.auc@600s), time_to(METRIC<=VALUE), each also with honest.METRIC,"
            + " trust_to_oracle_l1@SECONDSs, attackers.weight@SECONDSs, attackers.influence@SECONDSs,"
            + " attackers.auc@SECONDSs, time_to(attackers.auc>=VALUE)";
    /** What is measured of trust at an instant. */
    String TO_ORACLE = "trust_to_oracle_l1";
    /** Before a metric: of honest users only. */
    String HONEST = "honest.";
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
            "refused",
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
            "attackers.last_auc",
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

    /**
     * The mean over users at an instant.
     *
     * @param honest whether it is over honest users only
     */
    record AtInstant(Metric metric, boolean honest, double instant) implements Measure {
        @Override
        public Double of(JsonNode summary, Path folder) throws IOException {
            return new OfRun(summary, folder, metric, honest).number(instant, c -> c.value(instant));
        }

        @Override
        public Metric.Direction better() {
            return metric.better();
        }
    }

    /**
     * The area under the mean over users.
     *
     * @param honest whether it is over honest users only
     * @param until virtual seconds; infinite for the end of the run
     */
    record Area(Metric metric, boolean honest, double until) implements Measure {
        @Override
        public Double of(JsonNode summary, Path folder) throws IOException {
            double end =
                    Double.isInfinite(until) ? summary.path("virtual_seconds").asDouble() : until;
            return new OfRun(summary, folder, metric, honest).number(instant(), c -> c.area(end));
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

    /**
     * Virtual seconds until the mean over users reaches a value.
     *
     * @param honest whether it is over honest users only
     */
    record TimeTo(Target target, boolean honest) implements Measure {
        @Override
        public Double of(JsonNode summary, Path folder) throws IOException {
            return new OfRun(summary, folder, target.metric(), honest).number(0, c -> c.reaches(target));
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

    /**
     * The mean of a metric in a run.
     *
     * @param honest whether it is over honest users only
     */
    record OfRun(JsonNode summary, Path folder, Metric metric, boolean honest) {
        /** Computes a number, for which the run must not have ended before an instant. */
        Double number(double instant, OfCurve number) throws IOException {
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
            int users = summary.path("users").asInt();
            double value = number.number(MeanCurve.read(folder, task, own, users, counted()));
            return Double.isNaN(value) ? null : value;
        }

        private IntPredicate counted() {
            if (!honest || !summary.has("attackers")) {
                return u -> true;
            }
            Adversaries adversaries = TrustInAttackers.read(folder).adversaries();
            return u -> !adversaries.contains(u);
        }
    }

    /** Users that have done all turns keep their values; what they would be after a target or a stop is unknown. */
    static boolean endedBefore(JsonNode summary, double instant) {
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
        if (timeTo.matches() && timeTo.group(1).equals("attackers.auc")) {
            return timeToAuc(timeTo.group(2), timeTo.group(3), text);
        }
        if (timeTo.matches()) {
            boolean honest = timeTo.group(1).startsWith(HONEST);
            Metric metric = metric(honest ? timeTo.group(1).substring(HONEST.length()) : timeTo.group(1), task);
            boolean lower = metric.better() == Metric.Direction.LOWER;
            if (lower != timeTo.group(2).equals("<=")) {
                throw new IllegalArgumentException((lower ? "lower" : "higher") + " " + metric.name()
                        + " is better, allowed is time_to(" + timeTo.group(1) + (lower ? "<=" : ">=")
                        + timeTo.group(3) + "), found " + shown(text));
            }
            return new TimeTo(new Target(metric, number(timeTo.group(3), text)), honest);
        }
        Matcher attackers =
                Pattern.compile("attackers[.](weight|influence|auc)@(.*)s").matcher(text);
        if (attackers.matches()) {
            return new AttackMeasure.FigureAt(
                    AttackMeasure.Figure.of(attackers.group(1)), seconds(attackers.group(2), text));
        }
        boolean honest = text.startsWith(HONEST);
        String name = honest ? text.substring(HONEST.length()) : text;
        Matcher area = Pattern.compile("([^.@]*)[.]auc(?:@(.*)s)?").matcher(name);
        if (area.matches() && !KEYS.contains(area.group(1))) {
            return new Area(
                    metric(area.group(1), task),
                    honest,
                    area.group(2) == null ? Double.POSITIVE_INFINITY : seconds(area.group(2), text));
        }
        Matcher instant = Pattern.compile("([^.@]*)@(.*)s").matcher(name);
        if (instant.matches()) {
            double at = seconds(instant.group(2), text);
            return !honest && instant.group(1).equals(TO_ORACLE)
                    ? new TrustToOracle(at)
                    : new AtInstant(metric(instant.group(1), task), honest, at);
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

    private static Measure timeToAuc(String relation, String bound, String text) {
        double value = number(bound, text);
        if (!relation.equals(">=") || !(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "allowed is time_to(attackers.auc>=VALUE) with a VALUE above 0 and at most 1, found "
                            + shown(text));
        }
        return new AttackMeasure.TimeToAuc(value);
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
