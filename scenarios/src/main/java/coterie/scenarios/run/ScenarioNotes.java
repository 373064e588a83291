package coterie.scenarios.run;

import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.SimulationConfigs;
import java.util.List;

/** What is allowed in a scenario, but seldom meant. */
public final class ScenarioNotes {
    private ScenarioNotes() {}

    /** Returns notes for people, one line each. */
    public static List<String> of(Loaded loaded) {
        Scenario s = loaded.scenario();
        Scenario.Collaboration c = s.collaboration();
        if (!c.method().communicates() || SimulationConfigs.schedule(s).turn(0).collaborates()) {
            return List.of();
        }
        String key = c.startAfter() > 0 ? "collaboration.start_after" : "collaboration.every";
        return List.of(String.format(
                "no users exchange anything: %s trains for %d iterations, and the first collaboration is after %d (%s)",
                c.strategy().label(), s.training().iterations(), c.startAfter() > 0 ? c.startAfter() : c.every(), key));
    }
}
