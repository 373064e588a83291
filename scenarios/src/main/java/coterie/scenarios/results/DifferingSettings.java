package coterie.scenarios.results;

import coterie.topology.files.Shown;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which resolved settings are not the same in several runs. The strategy is not among them, since every table of runs
 * has a column for it.
 *
 * <p>Worked example: of {@code {seed: 1, time.loss: 0}} and {@code {seed: 1, time.loss: 0.1}} only {@code time.loss}
 * differs, and its head is {@code loss}.
 */
public final class DifferingSettings {
    /** Key path of the strategy. */
    public static final String STRATEGY = "collaboration.strategy";

    /** Settings that say nothing of the run itself. */
    private static final Pattern ASIDE = Pattern.compile("(baselines|baseline_settings|tracking|checkpoints)([.].*)?");

    private static final String HASH = "sha256:";
    private static final int HASH_SHOWN = 15;
    private static final int LONGEST = 28;

    private final List<Map<String, String>> runs;
    private final List<String> keys;

    /** @param runs settings of each run, by key path; empty if they cannot be read */
    public DifferingSettings(List<Map<String, String>> runs) {
        this.runs = runs;
        List<Map<String, String>> known =
                runs.stream().filter(r -> !r.isEmpty()).toList();
        Set<String> all = new TreeSet<>();
        known.forEach(r -> all.addAll(r.keySet()));
        all.removeIf(key -> key.equals(STRATEGY) || ASIDE.matcher(key).matches());
        all.removeIf(key -> known.stream().map(r -> value(r, key)).distinct().count() < 2);
        // Those that all runs have come first: others follow from the kind or the strategy that has them.
        keys = new ArrayList<>(all);
        keys.sort(Comparator.comparing(key -> !known.stream().allMatch(r -> r.containsKey(key))));
    }

    /** Key paths of the settings that differ; those that all runs have come first. */
    public List<String> keys() {
        return keys;
    }

    /**
     * The settings that differ, in the order of {@link #keys}. Left out are settings that some runs do not have, if the
     * strategy and the settings before say already in which runs their values differ: settings of a kind or a strategy.
     * If there are still too many, those that tell most runs apart.
     *
     * @param most number of settings
     */
    public List<String> telling(int most) {
        List<String> independent = new ArrayList<>();
        List<String> told = strategies();
        for (String key : keys) {
            if (runs.stream().allMatch(r -> r.containsKey(key)) || !follows(key, told)) {
                independent.add(key);
                told = and(told, key);
            }
        }
        return independent.size() <= most ? independent : apart(independent, most);
    }

    /** Returns at most this many of the keys: each the one that tells most runs apart that the others do not. */
    private List<String> apart(List<String> from, int most) {
        List<String> chosen = new ArrayList<>();
        List<String> told = strategies();
        while (chosen.size() < most) {
            String best = null;
            List<String> bestTold = told;
            for (String key : from) {
                List<String> more = and(told, key);
                if (kinds(more) > kinds(bestTold)) {
                    best = key;
                    bestTold = more;
                }
            }
            if (best == null) {
                break;
            }
            chosen.add(best);
            told = bestTold;
        }
        chosen.sort(Comparator.comparing(keys::indexOf));
        return chosen;
    }

    private static long kinds(List<String> told) {
        return told.stream().distinct().count();
    }

    /** What is told of each run by its strategy. */
    private List<String> strategies() {
        return runs.stream().map(r -> value(r, STRATEGY)).toList();
    }

    /** What is told of each run if another setting is told, too. */
    private List<String> and(List<String> told, String key) {
        List<String> more = new ArrayList<>();
        for (int k = 0; k < runs.size(); k++) {
            more.add(told.get(k) + "\n" + value(runs.get(k), key));
        }
        return more;
    }

    /** Whether runs of which the same is told have the same value. */
    private boolean follows(String key, List<String> told) {
        Map<String, String> values = new HashMap<>();
        for (int k = 0; k < runs.size(); k++) {
            String value = value(runs.get(k), key);
            if (!value.equals(values.computeIfAbsent(told.get(k), before -> value))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Short names of the settings that differ.
     *
     * @param taken names of other columns
     * @return by key path: its last part, or all of it if the last part names something else too
     */
    public Map<String, String> heads(Set<String> taken) {
        Map<String, Integer> count = new HashMap<>();
        keys.forEach(key -> count.merge(last(key), 1, Integer::sum));
        Set<String> others = new HashSet<>(taken);
        Map<String, String> heads = new HashMap<>();
        keys.forEach(key -> {
            boolean unique = count.get(last(key)) == 1 && !others.contains(last(key));
            heads.put(key, unique ? last(key) : key);
        });
        return heads;
    }

    /** A value as a table shows it; a dash for none. */
    public static String brief(String value) {
        return value.isEmpty() ? "-" : Shown.of(value, value.startsWith(HASH) ? HASH_SHOWN : LONGEST);
    }

    private static String value(Map<String, String> run, String key) {
        return run.getOrDefault(key, "");
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
