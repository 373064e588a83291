package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A scenario file and the files that it extends, each read once, since a file may be a pipe.
 *
 * @param chain the file, the one that it extends, the one that this extends, and so on
 */
public record ScenarioFile(List<Source> chain) {
    /** Key of a scenario file that names the file whose settings it begins from. */
    static final String EXTENDS = "extends";

    private static final int MOST_FILES = 100;

    /** A file and its content. */
    record Source(Path file, String text) {}

    /**
     * Reads a file and the files that it extends.
     *
     * @throws InputException if one of them cannot be read or is not a map, or if they extend one another in a circle
     */
    public static ScenarioFile read(Path file) {
        return read(file, InputFile.text(file));
    }

    /**
     * Reads the files that a file extends.
     *
     * @param text content of the file
     */
    public static ScenarioFile read(Path file, String text) {
        List<Source> chain = new ArrayList<>(List.of(new Source(file, text)));
        Set<Path> seen = new HashSet<>(Set.of(real(file)));
        Source last = chain.get(0);
        LocatedTree tree = tree(last, 0);
        for (JsonNode named = named(tree); !named.isMissingNode() && !named.isNull(); named = named(tree)) {
            String at = tree.at(EXTENDS);
            if (!named.isTextual() || named.asText().isBlank()) {
                throw new InputException(at + ": must name a scenario file, found " + LocatedTree.kind(named));
            }
            Path base = last.file()
                    .resolveSibling(InputFile.path(named.asText(), at))
                    .normalize();
            if (!seen.add(real(base))) {
                throw new InputException(at + ": " + base + " is this file itself, or extends it");
            }
            if (chain.size() == MOST_FILES) {
                throw new InputException(at + ": more than " + MOST_FILES + " files extend one another");
            }
            try {
                last = new Source(base, InputFile.text(base));
                tree = tree(last, chain.size());
            } catch (InputException e) {
                throw e.within(at);
            }
            chain.add(last);
        }
        return new ScenarioFile(List.copyOf(chain));
    }

    private static JsonNode named(LocatedTree tree) {
        return tree.root().path(EXTENDS);
    }

    private static LocatedTree tree(Source s, int order) {
        return LocatedTree.parse(Place.of(s.file().toString(), s.file(), order), s.text());
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.toAbsolutePath().normalize();
        }
    }

    Path file() {
        return chain.get(0).file();
    }

    /** Returns the settings of all files, each file's laid over those of the file that it extends. */
    LocatedTree tree() {
        LocatedTree all = null;
        for (int k = chain.size() - 1; k >= 0; k--) {
            Source s = chain.get(k);
            LocatedTree own = tree(s, k);
            own.root().remove(EXTENDS);
            all = all == null ? own : all.under(own);
        }
        return all;
    }
}
