package coterie.scenarios.run;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.PeftFiles;
import coterie.scenarios.schema.InputException;
import coterie.scenarios.schema.Scenario;
import coterie.scenarios.schema.ScenarioReader.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The adapters with which users start: drawn, or read from PEFT's files. */
final class Starts {
    private final Loaded loaded;
    private final AdapterLayout layout;

    Starts(Loaded loaded, AdapterLayout layout) {
        this.loaded = loaded;
        this.layout = layout;
    }

    /** A user's row [P]. @throws InputException where files are named that hold no adapter of this scenario's shape */
    float[] row(int user) {
        Scenario s = loaded.scenario();
        if (s.model().adapter().path() == null) {
            return layout.start(s.model().adapter().init(), s.seed(), user);
        }
        Path folder = Texts.resolve(s.model().adapter().path(), loaded.file());
        Path own = folder.resolve("user-" + user);
        Path from = Files.isDirectory(own) ? own : folder;
        PeftFiles.Adapter adapter;
        try {
            adapter = PeftFiles.read(from, layout.config());
        } catch (IOException e) {
            throw new InputException(loaded.file() + ": model.adapter.path: no adapter for user " + user + ": " + e.getMessage());
        }
        LoraConfig wanted = layout.lora();
        LoraConfig found = adapter.lora();
        if (found.rank() != wanted.rank() || found.alpha() != wanted.alpha() || !found.targets().equals(wanted.targets())) {
            throw new InputException(loaded.file() + ": model.adapter.path: " + from + " has rank " + found.rank() + ", alpha " + found.alpha() + ", targets "
                    + found.targets() + "; model.lora says " + wanted.rank() + ", " + wanted.alpha() + ", " + wanted.targets());
        }
        return adapter.row();
    }
}
