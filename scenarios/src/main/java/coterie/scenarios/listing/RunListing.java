package coterie.scenarios.listing;

import coterie.model.task.Metric;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.DifferingSettings;
import coterie.scenarios.results.Durations;
import coterie.topology.files.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Runs side by side: what differs between them, and what came out. */
public final class RunListing {
    private static final int LONGEST = 28;
    private static final int MOST_NAMED = 12;

    private final List<FoundRun> runs;

    private RunListing(List<FoundRun> runs) {
        this.runs = runs;
    }

    /** Reads what the runs at and below a folder say. */
    public static RunListing of(Path folder) {
        return new RunListing(RunSearch.in(folder).stream().map(FoundRun::read).toList());
    }

    /**
     * Finds a run by its name.
     *
     * @param folder in and below which runs are listed
     * @return empty if no run that would be listed has this name
     */
    public static Optional<FoundRun> find(Path folder, String name) {
        return RunSearch.in(folder).stream()
                .filter(r -> name(folder, r).equals(name))
                .findFirst()
                .map(FoundRun::read);
    }

    /** The name of a run below a folder: its path from there, with slashes; empty for the folder itself. */
    public static String name(Path folder, Path run) {
        return folder.toAbsolutePath()
                .normalize()
                .relativize(run.toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
    }

    public int size() {
        return runs.size();
    }

    List<FoundRun> runs() {
        return runs;
    }

    /** What is damaged in these runs, and why runs failed. */
    public List<String> problems() {
        return runs.stream()
                .filter(r -> r.problem() != null)
                .map(r -> r.status() + ": " + r.problem())
                .toList();
    }

    /**
     * The runs with a value.
     *
     * @param condition KEY=VALUE; the key is a column, a setting, or the end of a setting's key path
     * @throws InputException if there is no such key, or it may be several
     */
    public RunListing filtered(String condition) {
        int equals = condition.indexOf('=');
        if (equals <= 0) {
            throw new InputException("--filter: must be KEY=VALUE, found \"" + condition + "\"");
        }
        Column column = column(condition.substring(0, equals), "--filter");
        String value = condition.substring(equals + 1);
        return new RunListing(runs.stream()
                .filter(r -> Column.same(column.plain().apply(r), value))
                .toList());
    }

    /**
     * The runs in the order of a column. Runs without a value come last.
     *
     * @param name as the key of {@link #filtered}
     * @throws InputException if there is no such column, or it may be several
     */
    public RunListing sorted(String name, boolean descending) {
        Comparator<FoundRun> order = column(name, "--sort").order(descending);
        return new RunListing(runs.stream().sorted(order).toList());
    }

    private Column column(String name, String option) {
        List<Column> fixed = new ArrayList<>(beginning());
        fixed.addAll(end());
        for (Column c : fixed) {
            if (c.key().equals(name)) {
                return c;
            }
        }
        Set<String> keys =
                runs.stream().flatMap(r -> r.settings().keySet().stream()).collect(Collectors.toSet());
        List<String> fits = keys.contains(name)
                ? List.of(name)
                : keys.stream().filter(k -> k.endsWith("." + name)).sorted().toList();
        if (fits.isEmpty()) {
            throw new InputException(option + ": no run has a setting " + Shown.of(name, LONGEST) + "; columns are "
                    + fixed.stream().map(Column::key).collect(Collectors.joining(", "))
                    + ", settings are those of scenario files");
        }
        if (fits.size() > 1) {
            throw new InputException(option + ": " + Shown.of(name, LONGEST) + " may be "
                    + fits.stream().limit(MOST_NAMED).collect(Collectors.joining(" or ")));
        }
        return setting(fits.get(0), fits.get(0));
    }

    /** All columns: folder and strategy, settings that are not the same in all runs, results. */
    List<Column> columns() {
        List<Column> all = new ArrayList<>(beginning());
        all.addAll(differing());
        all.addAll(end());
        return all;
    }

    private static List<Column> beginning() {
        return List.of(
                Column.text("run", r -> Shown.of(r.folder().toString(), Integer.MAX_VALUE)),
                Column.text("strategy", FoundRun::strategy));
    }

    /** Columns of the settings that are not the same in all runs. */
    List<Column> differing() {
        return columns(differences().keys());
    }

    /**
     * The first of the columns that differ, without those that only follow from a strategy or a kind.
     *
     * @param most number of columns
     */
    List<Column> telling(int most) {
        return columns(differences().telling(most));
    }

    private DifferingSettings differences() {
        return new DifferingSettings(runs.stream().map(FoundRun::settings).toList());
    }

    private List<Column> columns(List<String> keys) {
        Set<String> others = new HashSet<>();
        beginning().forEach(c -> others.add(c.head()));
        end().forEach(c -> others.add(c.head()));
        Map<String, String> heads = differences().heads(others);
        return keys.stream().map(key -> setting(key, heads.get(key))).toList();
    }

    private static String value(FoundRun r, String key) {
        return r.settings().getOrDefault(key, "");
    }

    private static Column setting(String key, String head) {
        return new Column(key, head, r -> value(r, key), r -> DifferingSettings.brief(value(r, key)), false);
    }

    private List<Column> end() {
        List<Column> all = new ArrayList<>();
        Set<String> metrics = new HashSet<>();
        for (FoundRun r : runs) {
            if (r.metric() != null && metrics.add(r.metric().name())) {
                all.addAll(metric(r.metric()));
            }
        }
        all.add(Column.text("status", FoundRun::status));
        all.add(new Column(
                "began",
                "began (UTC)",
                r -> r.began() == null ? "" : r.began().toString(),
                r -> r.began() == null
                        ? "-"
                        : r.began().toString().substring(0, 16).replace('T', ' '),
                false));
        all.add(new Column("wall_seconds", "took", r -> number(r.seconds()), r -> duration(r.seconds()), true));
        return all;
    }

    private static List<Column> metric(Metric m) {
        Predicate<FoundRun> has = r -> r.metric() != null && r.metric().name().equals(m.name());
        return List.of(
                new Column(
                        m.name(),
                        m.label(),
                        r -> has.test(r) ? number(r.mean()) : "",
                        r -> has.test(r) && Double.isFinite(r.mean()) ? spread(r) : "-",
                        true),
                new Column(m.name() + "_std", null, r -> has.test(r) ? number(r.deviation()) : "", r -> "", true));
    }

    private static String spread(FoundRun r) {
        return String.format(Locale.ROOT, "%.2f ± %.2f", r.mean(), r.deviation());
    }

    private static String number(double x) {
        return Double.isFinite(x) ? String.valueOf(x) : "";
    }

    private static String duration(double s) {
        return Double.isFinite(s) ? Durations.inWords(s) : "-";
    }
}
