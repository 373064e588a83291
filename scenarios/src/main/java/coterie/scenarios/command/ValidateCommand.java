package coterie.scenarios.command;

import coterie.scenarios.schema.Scenario;
import coterie.scenarios.schema.ScenarioReader;
import coterie.scenarios.schema.Strategy;
import coterie.scenarios.study.Study;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code coterie validate}: checks a scenario or a study without running it. */
@Command(name = "validate", mixinStandardHelpOptions = true, description = "Check a scenario or a study; says what is wrong and where.")
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private ScenarioOptions scenario;

    @Override
    public Integer call() {
        if (Study.isStudy(scenario.file())) {
            Study study = Study.read(scenario.file(), scenario.overrides());
            System.out.printf("%s: good. %d variants, %d seeds, %d runs%n", study.file(), study.variants().size(), study.seeds().size(), study.runs().size());
            return 0;
        }
        ScenarioReader.Loaded loaded = scenario.read();
        for (Strategy baseline : loaded.scenario().baselines()) {
            loaded.under(baseline);
        }
        Scenario s = loaded.scenario();
        System.out.printf("%s: good. %d users, %s, %s, %d iterations each%n", loaded.file(), s.users(), s.collaboration().strategy().label(),
                loaded.resolved().at("/topology/kind").asText(), s.training().iterations());
        return 0;
    }
}
