package coterie.model.text;

import coterie.topology.files.PlainText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text files below a folder, by category, and the files skipped. A file reachable by several links counts once, by
 * its own name if possible.
 */
final class TextFolder {
    private static final int NAMED = 8;
    private final Path root;
    private final Map<String, List<Path>> files = new TreeMap<>();
    private final List<Path> links = new ArrayList<>();
    private final Set<Path> reached = new HashSet<>();
    private final List<Path> skipped = new ArrayList<>();
    private final List<Path> duplicates = new ArrayList<>();

    /** @throws DataException if the folder cannot be read, or a link in it is broken */
    TextFolder(Path root) {
        this.root = root;
        try {
            reached.add(root.toRealPath());
            walk(root);
            // Links last, so that a file or folder is preferred under its own name.
            for (int k = 0; k < links.size(); k++) {
                follow(links.get(k));
            }
        } catch (IOException e) {
            throw new DataException("cannot list " + root + ": " + PlainText.why(e), e);
        }
        files.values().forEach(list -> list.sort(Comparator.comparing(root::relativize, TextFolder::byPath)));
    }

    /** Returns the files by category, sorted by path. */
    Map<String, List<Path>> files() {
        return files;
    }

    /** Returns notes for the user, one per line. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (!skipped.isEmpty()) {
            notes.add("skipped in " + root + ", since it is not text of a category: " + named(skipped));
        }
        if (!duplicates.isEmpty()) {
            notes.add("counted once in " + root + ", although several links lead there: " + named(duplicates));
        }
        List<Path> structured = files.values().stream()
                .flatMap(List::stream)
                .filter(p -> TextNames.structured(p.getFileName().toString()))
                .toList();
        if (!structured.isEmpty()) {
            notes.add("read as plain text in " + root + ", including markup and column names: " + structured.size()
                    + (structured.size() == 1 ? " file: " : " files: ") + named(structured));
        }
        files.forEach((category, list) -> {
            List<Path> tops = list.stream()
                    .map(p -> root.resolve(root.relativize(p).getName(0)))
                    .distinct()
                    .toList();
            if (tops.stream()
                            .map(p -> TextNames.unsuffixed(p.getFileName().toString()))
                            .distinct()
                            .count()
                    > 1) {
                notes.add("one category in " + root + ", " + category + ", are " + named(tops)
                        + " (a file's category is its name up to the first dot)");
            }
        });
        return notes;
    }

    private String named(List<Path> paths) {
        String first = paths.stream()
                .sorted()
                .limit(NAMED)
                .map(p -> root.relativize(p).toString())
                .collect(Collectors.joining(", "));
        return first + (paths.size() > NAMED ? " and " + (paths.size() - NAMED) + " more" : "");
    }

    private void walk(Path folder) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(folder)) {
            entries = list.sorted().toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        } catch (IOException e) {
            throw new DataException(folder + ": " + PlainText.why(e), e);
        }
        for (Path p : entries) {
            BasicFileAttributes what = Files.readAttributes(p, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            String name = p.getFileName().toString();
            if (TextNames.leftBehind(name) || !what.isDirectory() && TextNames.noText(name)) {
                skipped.add(p);
            } else if (what.isSymbolicLink()) {
                links.add(p);
            } else {
                take(p, p.toRealPath(), what);
            }
        }
    }

    private void follow(Path link) {
        try {
            Path real = link.toRealPath();
            take(link, real, Files.readAttributes(real, BasicFileAttributes.class));
        } catch (IOException e) {
            throw new DataException(link + " is a link that leads to no file: " + PlainText.why(e), e);
        }
    }

    private void take(Path p, Path real, BasicFileAttributes what) throws IOException {
        if (what.isDirectory()) {
            if (reached.add(real)) {
                walk(p);
            } else {
                duplicates.add(p);
            }
        } else if (!what.isRegularFile()) {
            skipped.add(p);
        } else if (reached.add(real)) {
            String compression = TextNames.otherwiseCompressed(p.getFileName().toString());
            if (compression != null) {
                throw new DataException(
                        p + " is compressed (" + compression + "); text is read plain or gzipped: unpack it");
            }
            String category = category(p);
            if (category.isEmpty()) {
                skipped.add(p);
            } else {
                files.computeIfAbsent(category, k -> new ArrayList<>()).add(p);
            }
        } else {
            duplicates.add(p);
        }
    }

    private String category(Path file) {
        Path within = root.relativize(file);
        String name = within.getName(0).toString();
        // Folders have no suffix: comp.graphics and comp.sys.mac are two newsgroups.
        return TextNames.category(within.getNameCount() > 1 ? name : name.split("\\.", 2)[0]);
    }

    /** Compares paths name by name from the top, as a walk through sorted folders yields them. */
    private static int byPath(Path a, Path b) {
        for (int k = 0; k < Math.min(a.getNameCount(), b.getNameCount()); k++) {
            int c = a.getName(k).compareTo(b.getName(k));
            if (c != 0) {
                return c;
            }
        }
        return Integer.compare(a.getNameCount(), b.getNameCount());
    }
}
