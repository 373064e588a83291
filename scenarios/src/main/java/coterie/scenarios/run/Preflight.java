package coterie.scenarios.run;

import coterie.scenarios.schema.Scenario;
import coterie.scenarios.schema.ScenarioReader.Loaded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What can be known of a run before it: whether its base and its text can be read, the text suffices, and its world can be built over these users. */
public final class Preflight {
    private Preflight() {
    }

    /**
     * Makes what a run would begin with, and lets go of it.
     *
     * @return what is not on this machine, so that none of this could be looked at: the scenario may be meant for another one
     * @throws coterie.scenarios.schema.InputException where a run would refuse to begin
     */
    public static Optional<String> check(Loaded loaded) {
        Scenario s = loaded.scenario();
        if (absent(s.model().base(), s.model().base(), loaded.file())) {
            return Optional.of("model.base: " + s.model().base());
        }
        if (absent(s.data().source(), s.data().path(), loaded.file())) {
            return Optional.of("data.path: " + s.data().path());
        }
        try (Materials materials = new Materials(loaded)) {
            materials.world(loaded);
        }
        return Optional.empty();
    }

    private static boolean absent(String kind, String path, Path file) {
        return !kind.startsWith("builtin:") && !Files.exists(Texts.resolve(path, file));
    }
}
