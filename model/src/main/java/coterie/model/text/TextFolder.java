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
 * The text files below a folder, by the category of their names, and the files skipped. A file reachable by several
 * links counts once, by its own name if possible. A single file is a folder with only this file.
 */
final class TextFolder {
    private static final int NAMED = 8;
    private final Path root;
    private final Map<String, List<Path>> files = new TreeMap<>();
    private final List<Path> links = new ArrayList<>();
    private final Set<Path> reached = new HashSet<>();
    private final List<Path> skipped = new ArrayList<>();
    private final List<Path> duplicates = new ArrayList<>();

    /**
     * @param path a folder or a file
     * @throws DataException if there is no such path, it cannot be read or has no text, or a link in it is broken
     */
    TextFolder(Path path) {
        if (!Files.isDirectory(path)) {
            root = path.getParent() == null ? Path.of("") : path.getParent();
            single(path);
            return;
        }
        root = path;
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
        if (files.isEmpty()) {
            List<String> why = notes();
            throw new DataException(root + " holds no text: expected a file or a sub-folder for each category, or files"
                    + " .jsonl, .json, .csv or .parquet" + (why.isEmpty() ? "" : "; " + String.join("; ", why)));
        }
    }

    /** Takes a file that the user names, whatever its name, unless it is surely not text. */
    private void single(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!Files.isRegularFile(file)) {
            throw new DataException(file
                    + (Files.exists(file) ? " is neither a file nor a folder" : ": there is no such file or folder"));
        }
        if (TextNames.binary(name)) {
            throw new DataException(file + " is not text (." + TextNames.extension(TextNames.unzipped(name)) + "): "
                    + TextNames.advice(name));
        }
        refuseCompressed(file);
        String category = category(file);
        files.put(category.isEmpty() ? "text" : category, List.of(file));
    }

    private static void refuseCompressed(Path file) {
        String compression = TextNames.otherwiseCompressed(file.getFileName().toString());
        if (compression != null) {
            throw new DataException(
                    file + " is compressed (" + compression + "); text is read plain or gzipped: unpack it");
        }
    }

    /** A file and the category of its name. */
    record File(Path path, String category) {}

    /** Returns all files, sorted by path. */
    List<File> files() {
        List<File> all = new ArrayList<>();
        files.forEach((category, list) -> list.forEach(p -> all.add(new File(p, category))));
        all.sort(Comparator.comparing(f -> root.relativize(f.path()), TextFolder::byPath));
        return all;
    }

    /** Returns notes for the user, one per line. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (!skipped.isEmpty()) {
            notes.add("skipped in " + root + ", since it is not text of a category: " + named(skipped) + advice());
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

    /** Returns what the user can do about the first skipped file that may hold text. */
    private String advice() {
        return skipped.stream()
                .map(p -> p.getFileName().toString())
                .filter(TextNames::convertible)
                .sorted()
                .findFirst()
                .map(name -> "; " + name + ": " + TextNames.advice(name))
                .orElse("");
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
            refuseCompressed(p);
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
        if (within.getNameCount() > 1) {
            // Folders have no suffix: comp.graphics and comp.sys.mac are two newsgroups.
            return TextNames.category(name);
        }
        return TextNames.category((TextTables.of(name) == null ? name : TextNames.unsharded(name)).split("\\.", 2)[0]);
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
