package coterie.scenarios.listing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the folders of runs. Inside a run only its baselines are looked for: its other folders hold many files and no
 * runs.
 */
public final class RunSearch {
    private final List<Path> found = new ArrayList<>();

    private RunSearch() {}

    /** The runs at and below a folder, sorted by path; a run's baselines follow it. */
    public static List<Path> in(Path folder) {
        RunSearch search = new RunSearch();
        search.visit(folder);
        return search.found;
    }

    private void visit(Path folder) {
        if (Files.exists(folder.resolve(FoundRun.SCENARIO))) {
            found.add(folder);
            visitFolders(folder.resolve("baselines"));
        } else {
            visitFolders(folder);
        }
    }

    private void visitFolders(Path folder) {
        List<Path> folders;
        try (Stream<Path> all = Files.list(folder)) {
            // Links may lead in circles.
            folders = all.filter(p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
                    .filter(p -> !p.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            // It does not exist, or cannot be read by this user, who has no runs there then.
            return;
        }
        folders.forEach(this::visit);
    }
}
