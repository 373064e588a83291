package coterie.scenarios.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Settings that name files or folders. */
final class FilePaths {
    private static final List<String> COMMON = List.of("data.path", "model.base", "model.adapter.path");

    private FilePaths() {}

    /** Returns the key paths of settings in a tree that name files. */
    static List<String> of(ObjectNode root) {
        return candidates(root).stream().filter(key -> isFile(root, key)).toList();
    }

    /**
     * Resolves paths against the working directory or, if no file exists there, against the folder of the scenario
     * file.
     *
     * @throws InputException if a path is invalid
     */
    static void locate(ObjectNode root, Path file, LocatedTree tree) {
        replace(root, tree::at, path -> InputFile.located(path, file));
    }

    /**
     * Replaces all paths.
     *
     * @throws InputException if a path is invalid
     */
    static void replace(ObjectNode root, UnaryOperator<String> at, UnaryOperator<Path> other) {
        for (String key : of(root)) {
            Path path = InputFile.path(Trees.node(root, key).asText(), at.apply(key));
            int last = key.lastIndexOf('.');
            Trees.block(root, key.substring(0, last))
                    .put(key.substring(last + 1), other.apply(path).toString());
        }
    }

    private static List<String> candidates(ObjectNode root) {
        List<String> keys = new ArrayList<>();
        for (ComponentRegistry.Choice c : ComponentRegistry.all()) {
            c.chosen(root).files().forEach(key -> keys.add(Trees.join(c.path(), key)));
        }
        for (int k = 0; k < root.at("/topology/phases").size(); k++) {
            keys.add("topology.phases." + k + ".graph.path");
        }
        keys.addAll(COMMON);
        return keys;
    }

    private static boolean isFile(ObjectNode root, String key) {
        return Trees.node(root, key).isTextual()
                && !Trees.node(root, key).asText().startsWith("builtin:");
    }
}
