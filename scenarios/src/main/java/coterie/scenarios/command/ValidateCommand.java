package coterie.scenarios.command;

import coterie.scenarios.run.Preflight;
import coterie.scenarios.schema.Scenario;
import coterie.scenarios.schema.ScenarioReader;
import coterie.scenarios.schema.Strategy;
import coterie.scenarios.study.Study;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code coterie validate}: checks a scenario or a study without running it. */
@Command(name = "validate", mixinStandardHelpOptions = true, description = "Check a scenario or a study, and "
        + "whether base and text suffice where they are here; says what is wrong and where.")
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private ScenarioOptions scenario;

    @Override
    public Integer call() {
        if (Study.isStudy(scenario.file())) {
            Study study = Study.read(scenario.file(), scenario.overrides());
            Set<String> unseen = new LinkedHashSet<>();
            Set<List<Object>> looked = new HashSet<>();
            for (Study.Run run : study.runs()) {
                Scenario s = run.loaded().scenario();
                // Other seeds leave as much text as the first, and most variants differ in what there is no need to look at.
                if (run.seed() == study.seeds().get(0)
                        && looked.add(List.of(s.users(), s.model(), s.data(), s.training().context(), s.topology()))) {
                    Preflight.check(run.loaded()).ifPresent(unseen::add);
                }
            }
            System.out.printf("%s: good. %d variants, %d seeds, %d runs%n", study.file(), study.variants().size(), study.seeds().size(), study.runs().size());
            unseen.forEach(ValidateCommand::tell);
            return 0;
        }
        ScenarioReader.Loaded loaded = scenario.read();
        for (Strategy baseline : loaded.scenario().baselines()) {
            loaded.under(baseline);
        }
        Optional<String> unseen = Preflight.check(loaded);
        Scenario s = loaded.scenario();
        System.out.printf("%s: good. %d users, %s, %s, %d iterations each%n", loaded.file(), s.users(), s.collaboration().strategy().label(),
                loaded.resolved().at("/topology/kind").asText(), s.training().iterations());
        unseen.ifPresent(ValidateCommand::tell);
        return 0;
    }

    private static void tell(String absent) {
        System.out.println("not looked at: base and text, since this is not here: " + absent);
    }
}
