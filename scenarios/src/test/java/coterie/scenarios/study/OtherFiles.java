package coterie.scenarios.study;

import coterie.scenarios.config.ScenarioReader.Loaded;
import java.nio.file.Path;
import java.util.List;

/** Files that a run needs and that its study does not bring. */
final class OtherFiles {
    private OtherFiles() {}

    /** Returns the settings that name files, without {@code data.path} where it lies in a folder that is shipped. */
    static List<String> of(Loaded run, Path shipped) {
        String data = run.scenario().data().path();
        boolean own = data != null && Path.of(data).startsWith(shipped);
        return run.files().stream()
                .filter(key -> !own || !key.equals("data.path"))
                .toList();
    }
}
