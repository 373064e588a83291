package coterie.scenarios.learner.lora;

import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.PeftFiles;
import coterie.model.adapter.Target;
import coterie.model.base.BaseFamily;
import coterie.model.text.DataException;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The adapters with which users start: drawn, or read from PEFT's files. */
final class Starts {
    private final Loaded loaded;
    private final AdapterLayout layout;

    Starts(Loaded loaded, AdapterLayout layout) {
        this.loaded = loaded;
        this.layout = layout;
    }

    /** @throws InputException where files are named that hold no adapter of this scenario's shape */
    void check() {
        if (loaded.scenario().model().adapter().path() == null) {
            return;
        }
        Set<Path> read = new HashSet<>();
        for (int u = 0; u < loaded.scenario().users(); u++) {
            if (read.add(folder(u))) {
                row(u);
            }
        }
    }

    private Path folder(int user) {
        Path folder =
                InputFile.located(Path.of(loaded.scenario().model().adapter().path()), loaded.file());
        Path own = folder.resolve("user-" + user);
        return Files.isDirectory(own) ? own : folder;
    }

    /**
     * A user's row [P].
     *
     * @throws InputException where files are named that hold no adapter of this scenario's shape
     */
    float[] row(int user) {
        Scenario s = loaded.scenario();
        if (s.model().adapter().path() == null) {
            return layout.start(s.model().adapter().init(), s.seed(), user);
        }
        Path from = folder(user);
        PeftFiles.Adapter adapter;
        try {
            adapter = PeftFiles.read(from, layout.config());
        } catch (DataException e) {
            throw new InputException(
                    loaded.at("model.adapter.path") + ": no adapter for user " + user + ": " + e.getMessage());
        }
        LoraConfig wanted = layout.lora();
        LoraConfig found = adapter.lora();
        BaseFamily family = layout.config().family();
        if (found.rank() != wanted.rank()
                || found.alpha() != wanted.alpha()
                || !found.projections(family).equals(wanted.projections(family))) {
            throw new InputException(loaded.at("model.adapter.path") + ": " + from.resolve(PeftFiles.CONFIG)
                    + " has rank " + found.rank() + ", alpha " + found.alpha() + ", targets "
                    + targets(found, family) + "; model.lora says " + wanted.rank() + ", " + wanted.alpha() + ", "
                    + targets(wanted, family)
                    + "; set model.lora to what the adapter has, or leave its rank, alpha and targets out");
        }
        return adapter.row();
    }

    private static String targets(LoraConfig lora, BaseFamily family) {
        return Target.naming(lora.projections(family), family).stream()
                .map(Target::text)
                .toList()
                .toString();
    }
}
