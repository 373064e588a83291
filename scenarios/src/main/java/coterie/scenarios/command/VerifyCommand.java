package coterie.scenarios.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.user.SimulationConfig;
import coterie.actors.verify.Verifier;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.LocatedTree;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.config.SimulationConfigs;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.learner.Strategies;
import coterie.scenarios.report.RunParticipants;
import coterie.scenarios.results.HashCheck;
import coterie.scenarios.results.Manifest;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.ResultFiles;
import coterie.scenarios.results.ResultJson;
import coterie.scenarios.results.SummaryCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coterie verify}: checks whether a run's files are unchanged, and whether its records are possible. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Check runs and their baselines: files against the hashes that the run wrote (manifest.json,"
                + " records_hash in summary.json); records for the order of time, link times, ages, causes and trust"
                + " rows, and that each mixed snapshot was the newest that had arrived; the summary by computing it"
                + " again from the records. Exit code 0: no faults, 1: faults, 2: a file cannot be read.")
final class VerifyCommand implements Callable<Integer> {
    private static final String SCENARIO = "scenario.yaml";
    private static final String BASELINES = "baselines";

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "folders of runs")
    private List<Path> folders;

    @Override
    public Integer call() throws IOException {
        boolean good = true;
        for (Path folder : folders) {
            good &= verify(folder);
            for (Path baseline : baselines(folder)) {
                good &= verify(baseline);
            }
        }
        return good ? 0 : 1;
    }

    private static List<Path> baselines(Path folder) throws IOException {
        if (!Files.isDirectory(folder.resolve(BASELINES))) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder.resolve(BASELINES))) {
            return all.filter(b -> Files.exists(b.resolve(SCENARIO)) || Files.exists(b.resolve(Manifest.FILE)))
                    .sorted()
                    .toList();
        }
    }

    private static boolean verify(Path folder) throws IOException {
        HashCheck hashes = new HashCheck(folder);
        try {
            return verify(folder, hashes);
        } catch (InputException e) {
            // A file that cannot be read may have been changed.
            if (hashes.found() > 0) {
                System.out.printf(Locale.ROOT, "%s: %d files, %s%n", folder, hashes.files(), untrue(hashes.found()));
                hashes.faults().forEach(VerifyCommand::tell);
            }
            throw e;
        }
    }

    private static boolean verify(Path folder, HashCheck hashes) throws IOException {
        if (!Files.exists(folder.resolve(SCENARIO))) {
            throw new InputException(folder + " is not the folder of a run (no scenario.yaml in it)");
        }
        ScenarioReader.Loaded loaded = ScenarioReader.read(folder.resolve(SCENARIO), List.of());
        Scenario scenario = loaded.scenario();
        Path file = folder.resolve(ResultFiles.SUMMARY);
        ObjectNode summary = Files.exists(file) ? ResultJson.read(file) : null;
        if (summary != null) {
            hashes.summary(summary);
        }
        SimulationConfig config = config(scenario, summary, folder);
        RunParticipants cast = participants(folder, scenario);
        UserMixtures mixtures = cast.data();
        Verifier verifier = new Verifier(config, known(scenario, mixtures, summary));
        if (!mixtures.drifts().equals(config.drifts())) {
            verifier.broken("users.json: drift is not that of " + SCENARIO);
        }
        if (!cast.attacks().equals(RunParticipants.attacks(config.attacks()))) {
            verifier.broken("users.json: attacks are not those of " + SCENARIO);
        }
        SummaryCheck figures = new SummaryCheck(loaded, config, mixtures);
        Records.check(
                folder,
                config.task(),
                (o, place) -> {
                    verifier.observed(o, place);
                    figures.observed(o);
                },
                verifier::broken);
        if (scenario.record().messages() && !Files.exists(folder.resolve("messages.jsonl"))) {
            verifier.broken("messages.jsonl: is missing, and record.messages of " + SCENARIO + " is true");
        }
        if (scenario.record().utility() > 0 && !Files.exists(folder.resolve("utility.jsonl"))) {
            verifier.broken("utility.jsonl: is missing, and record.utility of " + SCENARIO + " is "
                    + scenario.record().utility());
        }
        String earlier = "";
        if (summary != null) {
            ToLongFunction<String> total = key -> total(file, summary, key);
            Verifier.Totals said = new Verifier.Totals(
                    total.applyAsLong("/turns"),
                    total.applyAsLong("/messages/sent"),
                    total.applyAsLong("/messages/lost"),
                    total.applyAsLong("/messages/delivered"),
                    total.applyAsLong("/messages/dropped"),
                    total.applyAsLong("/bytes_sent/total"));
            if (summary.path("ended_by").asText().equals("stop")) {
                verifier.finished(said);
            } else {
                verifier.completed(said);
            }
            earlier = figures.compare(folder, summary, verifier, verifier::broken);
        }
        long found = verifier.found() + hashes.found();
        String files = hashes.files() == 0 ? "" : String.format(Locale.ROOT, " and %d files", hashes.files());
        System.out.printf(
                Locale.ROOT,
                "%s: %d records%s, %s%s%n",
                folder,
                verifier.checked(),
                files,
                found == 0 ? "all of them can be true" : untrue(found),
                unchecked(folder, scenario, summary, verifier)
                        + (earlier.isEmpty() ? "" : "; ")
                        + earlier
                        + (hashes.unchecked().isEmpty() ? "" : "; ")
                        + hashes.unchecked());
        hashes.faults().forEach(VerifyCommand::tell);
        verifier.violations().forEach(VerifyCommand::tell);
        return found == 0;
    }

    /** Checks that were impossible, for the person. */
    private static String unchecked(Path folder, Scenario scenario, ObjectNode summary, Verifier verifier) {
        boolean silent = summary != null && summary.at("/messages/sent").asLong() == 0;
        String missing = scenario.baselines().stream()
                .map(Strategy::label)
                .filter(b -> !Files.exists(folder.resolve(BASELINES).resolve(b).resolve(SCENARIO)))
                .collect(Collectors.joining(", "));
        return (verifier.messagesSeen() || silent
                        ? ""
                        : " (no messages were recorded: nothing that concerns them was"
                                + " checked; record.messages: true records them)")
                + (verifier.unscored() == 0
                        ? ""
                        : "; " + verifier.unscored() + " rows have no scores: that they follow"
                                + " from them was not checked")
                + (summary == null ? "; there is no summary.json yet: sums were not checked" : "")
                + (missing.isEmpty() ? "" : "; baselines that are not there: " + missing);
    }

    private static String untrue(long found) {
        return found == 1 ? "1 thing cannot be true" : found + " things cannot be true";
    }

    private static void tell(String fault) {
        System.out.println("  " + fault);
    }

    private static long total(Path file, JsonNode summary, String key) {
        if (!summary.at(key).isIntegralNumber()) {
            throw new InputException(file + ": " + key.substring(1).replace('/', '.')
                    + " must be a whole number, found " + LocatedTree.kind(summary.at(key)));
        }
        return summary.at(key).asLong();
    }

    /**
     * The run's users.
     *
     * @throws InputException if they are of other users
     */
    private static RunParticipants participants(Path folder, Scenario s) {
        RunParticipants cast = RunParticipants.read(folder);
        if (cast.data().users() != s.users()) {
            throw new InputException(folder.resolve("users.json") + ": users must list the " + s.users()
                    + " users of the scenario, found " + cast.data().users());
        }
        return cast;
    }

    private static Verifier.Known known(Scenario s, UserMixtures mixtures, ObjectNode summary) {
        return new Verifier.Known(
                s.time().clock() == Scenario.Clock.VIRTUAL,
                s.collaboration().strategy().trusts() ? Strategies.rules(s, mixtures, null) : null,
                s.model().learner().examples(s.training()),
                summary != null && SummaryCheck.isEarlier(summary));
    }

    private static SimulationConfig config(Scenario s, JsonNode summary, Path folder) {
        int[] categories = summary == null || !summary.has("categories")
                ? null
                : StreamSupport.stream(summary.get("categories").spliterator(), false)
                        .mapToInt(JsonNode::asInt)
                        .toArray();
        try {
            return SimulationConfigs.of(s, categories);
        } catch (IllegalArgumentException e) {
            throw new InputException(folder.resolve("scenario.yaml") + ": " + e.getMessage());
        }
    }
}
