package coterie.scenarios.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Collects the mistakes of a scenario, so that all are told at once. Of mistakes about the same setting, or about a
 * setting and its block, only the first is kept, since the others follow from it. Checks that involve several settings
 * ask {@link #clean} first.
 */
final class Mistakes {
    private static final int MOST_TOLD = 20;
    private final LocatedTree tree;
    private final List<Mistake> all = new ArrayList<>();
    private final Set<String> doubtful = new TreeSet<>();

    /** Begins with the mistakes found while the tree was parsed. */
    Mistakes(LocatedTree tree) {
        this.tree = tree;
        tree.refused().forEach(this::add);
    }

    /** Adds a mistake in a setting, unless it follows from one that is known. */
    void add(String path, String text) {
        add(new Mistake(path, tree.place(path), tree.at(path) + ": " + text));
    }

    private void add(Mistake m) {
        if (all.stream().noneMatch(other -> other.touches(m.path()))) {
            all.add(m);
        }
    }

    /** Adds a mistake in a key that is unknown; another key may have been meant, which is then in doubt as well. */
    void addUnknown(String block, String key, Collection<String> allowed) {
        add(
                Trees.join(block, key),
                "unknown key; allowed here: " + String.join(", ", allowed) + NearestName.hint(key, allowed));
        NearestName.of(key, allowed).ifPresent(meant -> doubtful.add(Trees.join(block, meant)));
    }

    /**
     * Makes a check that throws for the first mistake.
     *
     * @param check receives a function that maps a key path to its location, and throws an {@link InputException} about
     *     the key path that it last asked for
     */
    void collect(Consumer<UnaryOperator<String>> check) {
        String[] asked = {""};
        try {
            check.accept(path -> {
                asked[0] = path;
                return tree.at(path);
            });
        } catch (InputException e) {
            e.mistakes().forEach(m -> add(new Mistake(asked[0], tree.place(asked[0]), m)));
        }
    }

    /** Adds the mistakes of a scenario that a setting belongs to. */
    void addWithin(String path, InputException e) {
        String at = tree.at(path);
        e.mistakes().stream()
                .map(m -> m.startsWith(at) ? m : at + ": " + m)
                .forEach(m -> all.add(new Mistake(path, tree.place(path), m)));
    }

    /** Whether no mistake is known in any of these settings or blocks. */
    boolean clean(String... paths) {
        return Arrays.stream(paths)
                .noneMatch(p -> all.stream().anyMatch(m -> m.touches(p))
                        || doubtful.stream().anyMatch(d -> d.equals(p) || d.startsWith(p + ".")));
    }

    /** Whether a message about a setting names another one of its block that is wrong or in doubt. */
    boolean areMentioned(String path, String text) {
        String block = path.substring(0, path.lastIndexOf('.') + 1);
        Set<String> words = new TreeSet<>(Arrays.asList(text.split("[^a-z0-9_]+")));
        return Stream.concat(all.stream().map(Mistake::path), doubtful.stream())
                .filter(p -> p.startsWith(block) && !p.equals(path))
                .anyMatch(p -> words.contains(p.substring(block.length())));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Whether the user gave a setting. */
    boolean given(String path) {
        return !Trees.node(tree.root(), path).isMissingNode();
    }

    /** Returns the mistakes in order of their location. */
    List<Mistake> sorted() {
        return all.stream().sorted(Comparator.comparing(Mistake::place)).toList();
    }

    /** Returns an exception that tells the first of the mistakes and the number of the others. */
    static InputException told(List<Mistake> mistakes) {
        List<String> told = new ArrayList<>(
                mistakes.stream().map(Mistake::message).distinct().toList());
        int more = told.size() - MOST_TOLD;
        if (more > 1) {
            told.subList(MOST_TOLD, told.size()).clear();
            told.add(mistakes.get(0).place().name() + ": " + more + " more mistakes are not shown");
        }
        return new InputException(told);
    }
}
