package coterie.scenarios.command;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.actors.life.World;
import coterie.actors.verify.Verifier;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.schema.InputException;
import coterie.scenarios.schema.LocatedTree;
import coterie.scenarios.schema.Scenario;
import coterie.scenarios.schema.ScenarioReader;
import coterie.scenarios.schema.Worlds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coterie verify}: whether what a run has recorded can be true. */
@Command(name = "verify", mixinStandardHelpOptions = true, description = "Check the records of runs: order of time, link times, ages, rows, sums, causes.")
final class VerifyCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "DIR", description = "folders of runs")
    private List<Path> folders;

    @Override
    public Integer call() throws IOException {
        boolean good = true;
        for (Path folder : folders) {
            good &= verify(folder);
        }
        return good ? 0 : 1;
    }

    private static boolean verify(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("scenario.yaml"))) {
            throw new InputException(folder + " is not the folder of a run (no scenario.yaml in it)");
        }
        Scenario scenario = ScenarioReader.read(folder.resolve("scenario.yaml"), List.of()).scenario();
        JsonNode summary = Files.exists(folder.resolve("summary.json")) ? ResultJson.read(folder.resolve("summary.json")) : null;
        Verifier verifier = new Verifier(world(scenario, summary, folder), scenario.time().clock() == Scenario.Clock.VIRTUAL);
        Records.read(folder, verifier::observed, verifier::broken);
        if (summary != null) {
            verifier.finished(new Verifier.Totals(total(folder, summary, "/turns"), total(folder, summary, "/messages/sent"),
                    total(folder, summary, "/messages/lost"), total(folder, summary, "/messages/delivered"),
                    total(folder, summary, "/messages/dropped"), total(folder, summary, "/bytes_sent/total")));
        }
        boolean silent = summary != null && summary.at("/messages/sent").asLong() == 0;
        String what = verifier.messagesSeen() || silent ? "" : " (no messages were recorded: nothing that concerns them was checked; record.messages: true records them)";
        String sums = summary == null ? "; there is no summary.json yet: sums were not checked" : "";
        if (verifier.found() == 0) {
            System.out.printf(Locale.ROOT, "%s: %d records, all of them can be true%s%s%n", folder, verifier.checked(), what, sums);
            return true;
        }
        System.out.printf(Locale.ROOT, "%s: %d records, %d things cannot be true%s%s%n", folder, verifier.checked(), verifier.found(), what, sums);
        verifier.violations().forEach(v -> System.out.println("  " + v));
        return false;
    }

    private static long total(Path folder, JsonNode summary, String key) {
        if (!summary.at(key).isIntegralNumber()) {
            throw new InputException(folder.resolve("summary.json") + ": " + key.substring(1).replace('/', '.')
                    + " must be a whole number, found " + LocatedTree.kind(summary.at(key)));
        }
        return summary.at(key).asLong();
    }

    private static World world(Scenario s, JsonNode summary, Path folder) {
        int[] categories = summary == null || !summary.has("categories") ? null
                : StreamSupport.stream(summary.get("categories").spliterator(), false).mapToInt(JsonNode::asInt).toArray();
        try {
            return Worlds.of(s, categories);
        } catch (IllegalArgumentException e) {
            throw new InputException(folder.resolve("scenario.yaml") + ": " + e.getMessage());
        }
    }
}
