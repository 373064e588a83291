package coterie.scenarios.study;

import coterie.scenarios.config.Assignment;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.LocatedTree;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A study without a file, made of options of {@code coterie run}. */
public final class TypedStudy {
    private static final int LONGEST_NAME = 100;

    private TypedStudy() {}

    /**
     * Makes a study of a scenario.
     *
     * @param loaded the scenario with the settings that hold for every run
     * @param sweeps each {@code key.path=value,value}; every combination is a variant
     * @param seeds seeds and ranges of seeds, separated by commas; null for the seed of the scenario
     * @throws InputException if one of them is malformed, or the scenario cannot have these settings
     */
    public static Study of(Loaded loaded, List<String> sweeps, String seeds) {
        Path file = loaded.file();
        LocatedTree tree = LocatedTree.parse(file.toString(), "{}");
        List<String> name = new ArrayList<>(List.of(loaded.scenario().name()));
        Set<String> swept = new HashSet<>();
        for (String sweep : sweeps) {
            Assignment typed = Assignment.option(file, "--sweep", sweep);
            int equals = sweep.indexOf('=');
            String key = sweep.substring(0, Math.max(0, equals));
            if (!key.matches("[^.]+([.][^.]+)*")) {
                throw new InputException(
                        typed.place() + ": must be key.path=value,value, for instance time.loss=0,0.1,0.3");
            }
            if (key.equals("seed")) {
                throw new InputException(typed.place() + ": --seeds says which seeds are run");
            }
            if (!swept.add(key)) {
                throw new InputException(typed.place() + ": there is another --sweep of " + key);
            }
            tree.put(List.of("grid", key), "[" + sweep.substring(equals + 1) + "]", typed.place());
            name.add(key);
        }
        if (sweeps.isEmpty()) {
            tree.put(List.of("variants"), "[{name: '" + loaded.scenario().name() + "'}]", file.toString());
            name.add("seeds");
        }
        if (seeds != null) {
            tree.put(
                    List.of("seeds"),
                    "[" + seeds + "]",
                    Assignment.option(file, "--seeds", seeds).place());
        } else {
            tree.put(List.of("seeds"), "[" + loaded.scenario().seed() + "]", file.toString());
        }
        String whole = String.join("-", name).replaceAll("[^A-Za-z0-9._-]", "_");
        tree.put(
                List.of("name"),
                "'" + whole.substring(0, Math.min(LONGEST_NAME, whole.length())) + "'",
                file.toString());
        return Study.of(tree, file, loaded.source(), loaded.overrides(), loaded.elsewhere());
    }
}
