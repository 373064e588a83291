package coterie.scenarios.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.config.FlatTree;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.results.ResultJson;
import coterie.topology.files.Sha256;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/**
 * What a run was made from: {@code run.json} in its folder, written when the run begins. A run may only go on from the
 * same inputs; otherwise its results would belong to neither.
 *
 * @param id of this run; two runs of one scenario have different ones
 * @param program version and hash of the program with which the run began
 * @param since programs with which it went on, if that was allowed
 * @param scenario resolved, by key path
 * @param inputs SHA-256 of the files that the scenario names, by the key that names them
 * @param baselines settings in which baselines differ from the resolved scenario, by strategy and key path: defaults
 *     may depend on the strategy, and the resolved scenario leaves nothing open
 * @param checkpoints folder of the run's checkpoints; null for the one in its own folder
 * @param folder in which the run began
 * @param process that began the run, see {@link Provenance}; null if it is not known
 * @param resumed processes that went on with it
 * @param failure why the last of these processes could not go on; null if it has not failed
 */
record RunOrigin(
        String id,
        String program,
        List<String> since,
        Map<String, String> scenario,
        Map<String, String> inputs,
        Map<String, Map<String, String>> baselines,
        String checkpoints,
        String folder,
        ObjectNode process,
        List<ObjectNode> resumed,
        String failure) {
    static final String FILE = "run.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STRATEGY = "collaboration.strategy";
    private static final int SHOWN = 60;
    private static final int NAMED = 5;
    private static final int ID_DIGITS = 16;
    private static final int DIGITS = 12;

    /** The origin of a run that begins now. */
    static RunOrigin of(Loaded loaded, Path folder, InputHashes hashes) {
        return of(loaded, folder, hashes, loaded::under);
    }

    /**
     * The origin of a run that begins now.
     *
     * @param under the scenario of a baseline
     */
    static RunOrigin of(Loaded loaded, Path folder, InputHashes hashes, Function<Strategy, Loaded> under) {
        Map<String, String> scenario = flat(loaded);
        Map<String, String> inputs = hashes.of(loaded);
        String content = Sha256.of(Build.version() + scenario + inputs).substring(0, ID_DIGITS);
        String id = content + "-" + UUID.randomUUID().toString().substring(0, 8);
        String shared = loaded.scenario().checkpoints().path();
        String checkpoints = shared == null
                ? null
                : Path.of(shared)
                        .toAbsolutePath()
                        .normalize()
                        .resolve(loaded.scenario().name() + "-"
                                + loaded.scenario().seed() + "-"
                                + loaded.scenario().collaboration().strategy().label() + "-" + id)
                        .toString();
        Map<String, Map<String, String>> baselines = new TreeMap<>();
        for (Strategy baseline : loaded.scenario().baselines()) {
            Map<String, String> other = flat(under.apply(baseline));
            other.keySet()
                    .removeIf(key -> key.equals(STRATEGY)
                            || key.startsWith("baseline")
                            || other.get(key).equals(scenario.get(key)));
            baselines.put(baseline.label(), other);
        }
        return new RunOrigin(
                id,
                Build.version(),
                List.of(),
                scenario,
                inputs,
                baselines,
                checkpoints,
                folder.toAbsolutePath().normalize().toString(),
                null,
                List.of(),
                null);
    }

    /** Settings, each KEY=VALUE, that replace those of the resolved scenario for a baseline. */
    List<String> settings(Strategy baseline, Loaded now) {
        Map<String, String> today = flat(now);
        // Settings that were edited since then take precedence.
        return baselines.getOrDefault(baseline.label(), Map.of()).entrySet().stream()
                .filter(e -> Objects.equals(scenario.get(e.getKey()), today.get(e.getKey())))
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
    }

    /** Settings in which two scenarios differ: one line each, with the key. */
    static List<String> differences(Loaded here, Loaded wanted) {
        Map<String, String> is = flat(here);
        Map<String, String> should = flat(wanted);
        Set<String> keys = new TreeSet<>(is.keySet());
        keys.addAll(should.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(is.get(key), should.get(key)))
                .map(key -> key + " is " + Shown.of(is.getOrDefault(key, "nothing"), SHOWN) + " here and "
                        + Shown.of(should.getOrDefault(key, "nothing"), SHOWN) + " there")
                .toList();
    }

    /**
     * @return null if the folder has none
     * @throws InputException if it is damaged
     */
    static RunOrigin read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        ObjectNode n = ResultJson.read(file);
        return new RunOrigin(
                text(file, n, "id"),
                text(file, n, "program"),
                list(n.path("went_on_with")),
                map(file, n, "scenario"),
                map(file, n, "inputs"),
                baselines(file, n),
                n.path("checkpoints").isTextual() ? n.path("checkpoints").asText() : null,
                text(file, n, "folder"),
                n.path("process") instanceof ObjectNode process ? process : null,
                objects(n.path("resumed")),
                n.path("failure").isTextual() ? n.path("failure").asText() : null);
    }

    private static List<ObjectNode> objects(JsonNode n) {
        List<ObjectNode> all = new ArrayList<>();
        n.forEach(e -> {
            if (e instanceof ObjectNode object) {
                all.add(object);
            }
        });
        return all;
    }

    private static String text(Path file, JsonNode n, String key) {
        if (!n.path(key).isTextual()) {
            throw new InputException(file + ": " + key + " must be a text, as a run writes it; the file is damaged");
        }
        return n.path(key).asText();
    }

    private static List<String> list(JsonNode n) {
        List<String> all = new ArrayList<>();
        n.forEach(e -> all.add(e.asText()));
        return all;
    }

    private static Map<String, String> map(Path file, JsonNode n, String key) {
        if (!n.path(key).isObject()) {
            throw new InputException(file + ": " + key + " must be a map, as a run writes it; the file is damaged");
        }
        Map<String, String> all = new TreeMap<>();
        n.path(key).properties().forEach(e -> all.put(e.getKey(), e.getValue().asText()));
        return all;
    }

    private static Map<String, Map<String, String>> baselines(Path file, ObjectNode n) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        if (n.has("baselines")) {
            map(file, n, "baselines").keySet().forEach(b -> all.put(b, map(file, n.path("baselines"), b)));
        }
        return all;
    }

    /** Writes the file into a run's folder. */
    void write(Path folder) throws IOException {
        ObjectNode n = JSON.createObjectNode();
        n.put("id", id).put("program", program).put("folder", this.folder);
        if (!since.isEmpty()) {
            since.forEach(n.putArray("went_on_with")::add);
        }
        scenario.forEach(n.putObject("scenario")::put);
        inputs.forEach(n.putObject("inputs")::put);
        ObjectNode others = n.putObject("baselines");
        baselines.forEach((strategy, settings) -> settings.forEach(others.putObject(strategy)::put));
        if (checkpoints != null) {
            n.put("checkpoints", checkpoints);
        }
        if (process != null) {
            n.set("process", process);
        }
        if (!resumed.isEmpty()) {
            resumed.forEach(n.putArray("resumed")::add);
        }
        if (failure != null) {
            n.put("failure", failure);
        }
        AtomicFiles.write(
                folder.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(n) + "\n");
    }

    /** Ties checkpoints to this run. */
    String identity() {
        return "run " + id + " " + Sha256.of(scenario.toString() + inputs);
    }

    /** The same run, continued by another program. */
    RunOrigin continuedBy(String other) {
        List<String> all = new ArrayList<>(since);
        all.add(other);
        return new RunOrigin(
                id, program, all, scenario, inputs, baselines, checkpoints, folder, process, resumed, failure);
    }

    /** The same run, begun by a process. */
    RunOrigin begunBy(ObjectNode by) {
        return new RunOrigin(id, program, since, scenario, inputs, baselines, checkpoints, folder, by, resumed, null);
    }

    /** The same run, continued by another process. */
    RunOrigin resumedBy(ObjectNode by) {
        List<ObjectNode> all = new ArrayList<>(resumed);
        all.add(by);
        return new RunOrigin(id, program, since, scenario, inputs, baselines, checkpoints, folder, process, all, null);
    }

    /** The same run in another folder. */
    RunOrigin movedTo(Path other) {
        String at = other.toAbsolutePath().normalize().toString();
        return new RunOrigin(
                id, program, since, scenario, inputs, baselines, checkpoints, at, process, resumed, failure);
    }

    /** The same run, which could not go on. */
    RunOrigin failedWith(String why) {
        return new RunOrigin(
                id, program, since, scenario, inputs, baselines, checkpoints, folder, process, resumed, why);
    }

    /**
     * Whether a folder is a copy of this run's own folder, which still exists, and both use the same folder of
     * checkpoints. A folder that was moved is not a copy.
     */
    boolean isCopy(Path here) throws IOException {
        Path own = Path.of(folder);
        if (checkpoints == null || !Files.exists(own.resolve(FILE)) || Files.isSameFile(own, here)) {
            return false;
        }
        try {
            return id.equals(read(own).id);
        } catch (InputException e) {
            return false;
        }
    }

    /** The last program that wrote results. */
    String lastProgram() {
        return since.isEmpty() ? program : since.get(since.size() - 1);
    }

    /** Differences from a run that would begin now, except the program: one line each, with the key. */
    List<String> differences(RunOrigin now) {
        List<String> all = new ArrayList<>();
        Set<String> keys = new TreeSet<>(scenario.keySet());
        keys.addAll(now.scenario.keySet());
        for (String key : keys) {
            String then = scenario.getOrDefault(key, "nothing");
            String today = now.scenario.getOrDefault(key, "nothing");
            if (!then.equals(today)) {
                all.add(key + " was " + Shown.of(then, SHOWN) + " when the run began, and is " + Shown.of(today, SHOWN)
                        + " now");
            }
        }
        for (Map.Entry<String, String> e : now.inputs.entrySet()) {
            String then = inputs.get(e.getKey());
            if (!e.getValue().startsWith(InputHashes.PREFIX)) {
                all.add("what " + e.getKey() + " names cannot be read from here: " + e.getValue());
            } else if (!e.getValue().equals(then)) {
                all.add("what " + e.getKey() + " names has changed since the run began (" + brief(then) + " then, "
                        + brief(e.getValue()) + " now)");
            }
        }
        if (all.size() > NAMED) {
            int more = all.size() - NAMED;
            all.subList(NAMED, all.size()).clear();
            all.add(more + " more");
        }
        return all;
    }

    private static String brief(String hash) {
        return hash == null
                ? "nothing"
                : hash.substring(0, Math.min(hash.length(), InputHashes.PREFIX.length() + DIGITS));
    }

    /**
     * Every setting that affects results, by key path. Files are compared by their content, not by their names: a
     * folder may be moved.
     */
    private static Map<String, String> flat(Loaded loaded) {
        try {
            // Written and read again, as the settings that it is compared with were.
            Map<String, String> all = FlatTree.of(JSON.readTree(JSON.writeValueAsBytes(loaded.resolved())));
            loaded.files().forEach(all::remove);
            all.keySet().removeIf(key -> !Scenario.affectsResults(key));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
