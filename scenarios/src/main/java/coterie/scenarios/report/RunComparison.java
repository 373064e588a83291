package coterie.scenarios.report;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.task.Metric;
import coterie.scenarios.config.InputException;
import coterie.scenarios.report.Comparison.Figure;
import coterie.scenarios.report.Comparison.Unit;
import coterie.scenarios.results.DifferingSettings;
import coterie.scenarios.results.PairedDifference;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.RunSettings;
import coterie.scenarios.results.TaskJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs side by side, one row each: what differs between their settings, their results, those of honest users if any
 * user attacks, ages of what was mixed, bytes and trust, and how users' results differ from those of one run.
 */
public final class RunComparison {
    private static final String RUN = "run";
    private static final String STRATEGY = "strategy";
    private static final String STATUS = "status";
    /** Settings in the name of a row; the table has all. */
    private static final int NAMED = 3;

    private final List<Path> folders;
    private final List<String> names;
    private final List<Map<String, String>> settings = new ArrayList<>();
    private final List<JsonNode> summaries = new ArrayList<>();
    private final Metric metric;
    private final DifferingSettings differing;
    private final Map<String, String> heads;

    private RunComparison(List<Path> folders) {
        this.folders = folders;
        names = FolderNames.of(folders);
        for (Path f : folders) {
            summaries.add(ResultJson.read(f.resolve("summary.json")));
            settings.add(RunSettings.read(f));
        }
        metric = TaskJson.read(summaries.get(0)).headline();
        differing = new DifferingSettings(settings);
        heads = differing.heads(Set.of(RUN, STRATEGY, STATUS));
    }

    /**
     * The runs in some folders, each followed by those of its baselines that have results. Each run is named once.
     *
     * @throws IOException if a folder cannot be read
     */
    public static List<Path> withBaselines(List<Path> folders) throws IOException {
        Set<Path> all = new LinkedHashSet<>();
        for (Path f : folders) {
            Path folder = f.normalize();
            all.add(folder);
            Path baselines = folder.resolve("baselines");
            if (Files.isDirectory(baselines)) {
                try (Stream<Path> list = Files.list(baselines)) {
                    list.filter(b -> Files.exists(b.resolve("summary.json")))
                            .sorted()
                            .forEach(all::add);
                }
            }
        }
        return List.copyOf(all);
    }

    /**
     * Compares runs.
     *
     * @param folders of runs that have ended
     * @param against with which the others are compared user by user: one of the folders
     * @throws InputException if a file is damaged, or {@code against} is none of the folders
     */
    public static Comparison of(String title, List<Path> folders, Path against) {
        int base = folders.indexOf(against.normalize());
        if (base < 0) {
            throw new InputException(against + " is not among the compared runs");
        }
        return new RunComparison(folders).compare(title, base);
    }

    private Comparison compare(String title, int base) {
        double best = metric.better().worst();
        for (int k = 0; k < folders.size(); k++) {
            best = metric.better().isBetter(mean(k), best) ? mean(k) : best;
        }
        boolean stopped = summaries.stream().anyMatch(s -> !completed(s));
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put(RUN, RUN);
        keys.put(STRATEGY, STRATEGY);
        differing.telling(Integer.MAX_VALUE).forEach(key -> keys.put(key, heads.get(key)));
        if (stopped) {
            keys.put(STATUS, STATUS);
        }
        List<String> rowNames = rowNames();
        List<Comparison.Row> rows = new ArrayList<>();
        for (int k = 0; k < folders.size(); k++) {
            JsonNode s = summaries.get(k);
            PairedDifference pairs = k == base ? null : pairs(k, base);
            rows.add(new Comparison.Row(
                    rowNames.get(k),
                    values(k, keys.keySet()),
                    found(k),
                    pairs == null
                            ? Comparison.Difference.NONE
                            : new Comparison.Difference(pairs.mean(), pairs.interval(), false),
                    mean(k) == best,
                    List.of(new Comparison.Run(s.path("seed").asLong(), folders.get(k))),
                    figures(k),
                    pairs));
        }
        Comparison c =
                new Comparison(title, List.copyOf(keys.keySet()), metric.label(), metric.better(), "users", rows, null);
        return c.with(rowNames.get(base), ComparisonText.of(c, keys));
    }

    private Map<String, String> values(int k, Set<String> keys) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String key : keys) {
            values.put(
                    key,
                    switch (key) {
                        case RUN -> names.get(k);
                        case STRATEGY -> strategy(k);
                        case STATUS -> summaries.get(k).path("status").asText("completed");
                        default -> DifferingSettings.brief(settings.get(k).getOrDefault(key, ""));
                    });
        }
        return values;
    }

    /** What differs, in words; the folder's name if that is the same in several runs. */
    private List<String> rowNames() {
        boolean strategies = summaries.stream()
                        .map(s -> s.path(STRATEGY).asText())
                        .distinct()
                        .count()
                > 1;
        List<String> telling = differing.telling(NAMED);
        List<String> all = new ArrayList<>();
        for (int k = 0; k < folders.size(); k++) {
            List<String> words = new ArrayList<>();
            if (strategies) {
                words.add(strategy(k));
            }
            for (String key : telling) {
                String value = settings.get(k).get(key);
                if (value != null) {
                    words.add(heads.get(key) + " " + DifferingSettings.brief(value));
                }
            }
            all.add(String.join(", ", words));
        }
        List<String> unique = new ArrayList<>();
        for (int k = 0; k < all.size(); k++) {
            String own = all.get(k);
            boolean alone = all.stream().filter(own::equals).count() == 1;
            unique.add(own.isEmpty() ? names.get(k) : alone ? own : own + " (" + names.get(k) + ")");
        }
        return unique;
    }

    private String strategy(int k) {
        return summaries.get(k).path(STRATEGY).asText();
    }

    /** Runs of the first versions do not say how they ended. */
    private static boolean completed(JsonNode summary) {
        return summary.path(STATUS).asText("completed").equals("completed");
    }

    private boolean cut(int k) {
        return summaries.get(k).path("ended_by").asText().equals("divergence");
    }

    /** NaN without a result, and for a run that ended because training diverged. */
    private double mean(int k) {
        return cut(k)
                ? Double.NaN
                : summaries.get(k).path(metric.name()).path("mean").asDouble(Double.NaN);
    }

    private Comparison.Found found(int k) {
        if (cut(k)) {
            return new Comparison.Found(0, Double.NaN, Double.NaN, "diverged");
        }
        double deviation = summaries.get(k).path(metric.name()).path("std").asDouble(Double.NaN);
        JsonNode s = summaries.get(k);
        int counted = s.path(metric.name()).path("users").asInt(s.path("users").asInt());
        return new Comparison.Found(Double.isFinite(mean(k)) ? counted : 0, mean(k), deviation, "");
    }

    /** Null if the runs' users cannot be compared: another number of them, other data, or a run that was cut short. */
    private PairedDifference pairs(int k, int base) {
        if (cut(k) || cut(base) || !sameData(k, base)) {
            return null;
        }
        double[] own = users(k);
        double[] other = users(base);
        PairedDifference pairs = own.length == other.length ? PairedDifference.of(own, other, metric.better()) : null;
        return pairs == null || pairs.users() == 0 ? null : pairs;
    }

    private boolean sameData(int a, int b) {
        JsonNode x = summaries.get(a).at("/provenance/data_hash");
        JsonNode y = summaries.get(b).at("/provenance/data_hash");
        return x.isTextual() && y.isTextual() ? x.equals(y) : dataSettings(a).equals(dataSettings(b));
    }

    /** Runs of earlier versions have no hash of their data. */
    private Map<String, String> dataSettings(int k) {
        Map<String, String> all = new LinkedHashMap<>(settings.get(k));
        all.keySet().removeIf(key -> !key.startsWith("data.") && !key.equals("seed") && !key.equals("users"));
        return all;
    }

    private double[] users(int k) {
        JsonNode list = summaries.get(k).path(metric.name()).path("per_user");
        double[] all = new double[list.size()];
        for (int u = 0; u < all.length; u++) {
            all[u] = list.get(u).asDouble(Double.NaN);
        }
        return all;
    }

    private List<Figure> figures(int k) {
        List<Figure> all = new ArrayList<>();
        if (summaries.stream().anyMatch(s -> s.has("attackers"))) {
            JsonNode s = summaries.get(k);
            // Without attackers all users are honest.
            double honest = s.has("attackers") && !cut(k) ? number(s, "/honest/" + metric.name() + "/mean") : mean(k);
            all.add(new Figure("honest users", Unit.NUMBER, honest));
            all.add(new Figure("weight on attackers", Unit.NUMBER, number(s, "/attackers/weight")));
        }
        all.addAll(figures(summaries.get(k)));
        return all;
    }

    private static List<Figure> figures(JsonNode s) {
        JsonNode staleness = s.path("staleness");
        // Without candidates there is no age, and a mean of zero would look like fresh snapshots.
        boolean mixed = staleness.at("/versions/count").asLong(1) > 0;
        double sent = s.at("/messages/sent").asDouble(Double.NaN);
        return List.of(
                new Figure("versions old", Unit.NUMBER, mixed ? number(staleness, "/mean_versions") : Double.NaN),
                new Figure("by trust", Unit.NUMBER, mixed ? number(staleness, "/trust_weighted_versions") : Double.NaN),
                new Figure("age", Unit.SECONDS, mixed ? number(staleness, "/mean_seconds") : Double.NaN),
                new Figure("took part", Unit.SHARE, number(s, "/participation")),
                new Figure("sent", Unit.BYTES, number(s, "/bytes_sent/total")),
                new Figure("lost", Unit.SHARE, sent > 0 ? number(s, "/messages/lost") / sent : Double.NaN),
                new Figure("trust to oracle", Unit.NUMBER, number(s, "/trust_to_oracle_l1")),
                new Figure("trust change", Unit.NUMBER, number(s, "/trust_change_l1/last")),
                new Figure("virtual time", Unit.SECONDS, number(s, "/virtual_seconds")));
    }

    private static double number(JsonNode n, String pointer) {
        return n.at(pointer).asDouble(Double.NaN);
    }
}
