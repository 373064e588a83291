package coterie.scenarios.command;

import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.run.Preflight;
import coterie.scenarios.run.ScenarioNotes;
import coterie.scenarios.study.Study;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coterie validate}: checks a scenario or a study without running it. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Check a scenario or a study, and read its base, data and other files: refuses what a run would "
                + "refuse, and says what is wrong and where.")
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private ScenarioOptions scenario;

    @Option(
            names = "--elsewhere",
            description = "do not check files and memory: the scenario is meant for another machine")
    private boolean elsewhere;

    @Override
    public Integer call() {
        return Study.isStudy(scenario.file(), scenario.text()) ? study() : scenario();
    }

    private int study() {
        Study study = Study.read(scenario.file(), scenario.text(), scenario.overrides(), elsewhere);
        List<Study.Run> runs = study.runs();
        Set<String> files = new TreeSet<>();
        Set<String> notes = new LinkedHashSet<>();
        Set<List<Object>> looked = new HashSet<>();
        for (Study.Run run : runs) {
            Scenario s = run.loaded().scenario();
            files.addAll(run.loaded().files());
            // Other seeds have as much text as the first, and most variants differ in settings that need no check.
            if (run.seed() == study.seeds().get(0)
                    && looked.add(List.of(
                            s.users(),
                            s.model(),
                            s.data(),
                            s.training().context(),
                            s.training().batchSize(),
                            s.topology(),
                            s.checkpoints(),
                            s.tracking()))) {
                notes.addAll(check(run.loaded()));
                ScenarioNotes.of(run.loaded()).forEach(note -> notes.add("note: " + note));
            }
        }
        System.out.printf(
                "%s: good. %d variants, %d seeds, %d runs%n",
                study.file(), study.variants().size(), study.seeds().size(), runs.size());
        tell(notes, files);
        return 0;
    }

    private int scenario() {
        ScenarioReader.Loaded loaded = scenario.read(elsewhere);
        List<String> notes = new ArrayList<>(check(loaded));
        ScenarioNotes.of(loaded).forEach(note -> notes.add("note: " + note));
        Scenario s = loaded.scenario();
        System.out.printf(
                "%s: good. %d users, %s, %s, %d iterations each%n",
                loaded.file(),
                s.users(),
                s.collaboration().strategy().label(),
                loaded.resolved().at("/topology/kind").asText(),
                s.training().iterations());
        tell(notes, loaded.files());
        return 0;
    }

    /** @return notes on data and memory, for people */
    private List<String> check(ScenarioReader.Loaded loaded) {
        if (elsewhere) {
            Preflight.checkElsewhere(loaded);
            return List.of();
        }
        return Preflight.check(loaded);
    }

    private void tell(Collection<String> notes, Collection<String> files) {
        notes.forEach(System.out::println);
        if (elsewhere && !files.isEmpty()) {
            System.out.println("not looked at: what these name: " + String.join(", ", files));
        }
    }
}
