package coterie.scenarios.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Where results come from: program, time, command, machine, and hashes of what was read. {@code run.json} has it of
 * each process that computed the run; {@code summary.json} has it of the whole run, with the commands that repeat it.
 */
final class Provenance {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BASE = "model.base";
    private static final String CPU = "cpu";
    /** In the working directory: folders of studies and baselines hold no other runs. */
    private static final String REPETITION = "repeated";

    private Provenance() {}

    /**
     * A process that begins a run or goes on with it now.
     *
     * @param command words of its command line; empty if it was not started by one
     */
    static ObjectNode ofProcess(List<String> command, Workers workers) {
        ObjectNode n = JSON.createObjectNode();
        n.put("began", now())
                .put("command", command.isEmpty() ? null : ShellWords.join(command))
                .put("program", Build.version())
                .put("processor", Processor.name())
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put(
                        "operating_system",
                        System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                                + System.getProperty("os.arch"))
                .put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
        workers.devices().forEach(n.putArray("devices")::add);
        return n.put("threads", workers.threads()).put("stack", workers.stack()).put("nodes", workers.nodes());
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * A run that ends now. Of the process that began it nothing is known if that was one of an earlier version.
     *
     * @param folder of the run, as the command line names it
     */
    static ObjectNode ofRun(RunOrigin origin, Loaded loaded, Path folder, RunBackend backend) {
        Scenario s = loaded.scenario();
        ObjectNode n = JSON.createObjectNode();
        n.putNull("began").put("ended", now());
        if (origin.process() != null) {
            n.setAll(origin.process());
        }
        n.put("recomputed", backend.recomputes()).put("seed", s.seed());
        if (!s.model().learner().unused().contains(BASE)) {
            n.put("base", s.model().base());
            n.put(
                    "base_hash",
                    origin.inputs().containsKey(BASE) ? origin.inputs().get(BASE) : backend.modelHash(loaded));
        }
        n.put("data", loaded.resolved().at("/data/source").asText()).put("data_hash", backend.dataHash());
        ArrayNode inputs = n.putArray("inputs");
        origin.inputs()
                .forEach((key, hash) -> inputs.addObject().put("setting", key).put("hash", hash));
        origin.resumed().forEach(n.putArray("resumed")::add);
        repeating(folder, backend.workers()).forEach(n.putArray("repeat")::add);
        return n;
    }

    /** Commands that repeat a run and compare the repetition with it. On a GPU, results depend on what computes. */
    private static List<String> repeating(Path folder, Workers workers) {
        List<String> run = new ArrayList<>(
                List.of("coterie", "run", folder.resolve(RunContents.SCENARIO).toString(), "--out", REPETITION));
        if (!workers.devices().stream().allMatch(CPU::equals)) {
            run.addAll(List.of("--device", String.join(",", workers.devices())));
            if (workers.stack() != null) {
                run.addAll(List.of("--stack", String.valueOf(workers.stack())));
            }
            if (workers.nodes() > 0) {
                run.addAll(List.of("--nodes", String.valueOf(workers.nodes())));
            }
        }
        return List.of(
                ShellWords.join(run),
                ShellWords.join(List.of(
                        "coterie",
                        "query",
                        folder.toString(),
                        REPETITION,
                        "SELECT run, strategy, trace_hash, records_hash FROM runs")));
    }
}
