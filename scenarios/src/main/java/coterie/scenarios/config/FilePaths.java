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
     * Resolves paths against the working directory or, if no file exists there, against the folder of the file that
     * names them.
     *
     * @param scenario the scenario file, for paths that are not from a file
     * @param mistakes receives the paths that are invalid
     */
    static void locate(ObjectNode root, Path scenario, LocatedTree tree, Mistakes mistakes) {
        for (String key : of(root)) {
            Path file = tree.file(key);
            mistakes.collect(
                    at -> set(root, key, InputFile.located(path(root, key, at), file == null ? scenario : file)));
        }
    }

    /** Makes all paths absolute. */
    static void makeAbsolute(ObjectNode root, UnaryOperator<String> at) {
        of(root).forEach(key -> set(root, key, path(root, key, at).toAbsolutePath()));
    }

    private static Path path(ObjectNode root, String key, UnaryOperator<String> at) {
        return InputFile.path(Trees.node(root, key).asText(), at.apply(key));
    }

    private static void set(ObjectNode root, String key, Path path) {
        int last = key.lastIndexOf('.');
        Trees.block(root, key.substring(0, last)).put(key.substring(last + 1), path.toString());
    }

    private static List<String> candidates(ObjectNode root) {
        List<String> keys = new ArrayList<>();
        for (ComponentRegistry.Choice c : ComponentRegistry.all()) {
            if (c.listed()) {
                continue;
            }
            c.chosen(root).files().forEach(key -> keys.add(Trees.join(c.path(), key)));
        }
        for (int k = 0; k < root.at("/topology/phases").size(); k++) {
            keys.add("topology.phases." + k + ".graph.path");
        }
        for (int k = 0; k < root.path("groups").size(); k++) {
            for (Slot slot : UserGroup.SLOTS) {
                String at = "groups." + k + "." + slot.path();
                RegisteredComponent c = ComponentRegistry.at(slot)
                        .named(Trees.node(root, Trees.join(at, slot.key())).asText());
                if (c != null) {
                    c.files().forEach(key -> keys.add(Trees.join(at, key)));
                }
            }
        }
        keys.addAll(COMMON);
        return keys;
    }

    private static boolean isFile(ObjectNode root, String key) {
        return Trees.node(root, key).isTextual()
                && !Trees.node(root, key).asText().startsWith("builtin:");
    }
}
