package coterie.scenarios.study;

import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A suite: the studies of a folder, each with claims, and a {@code README.md} that says what is claimed. Its first
 * paragraph after the title is that text; a paragraph that begins with {@code Time: } says how long the suite takes.
 *
 * @param name of the folder
 * @param about what is claimed, in a sentence or two; empty if nothing says so
 * @param time how long it takes; empty if nothing says so
 * @param files of its studies, by name
 */
public record Suite(String name, String about, String time, List<Path> files) {
    private static final String README = "README.md";
    private static final String TIME = "Time: ";

    /**
     * Reads a suite, without its studies.
     *
     * @throws InputException if the folder has no studies
     */
    public static Suite read(Path folder) throws IOException {
        List<Path> files =
                list(folder, p -> Files.isRegularFile(p) && p.toString().endsWith(".yaml"));
        if (files.isEmpty()) {
            throw new InputException(folder + " is not a suite: there is no study in it (*.yaml)");
        }
        String about = "";
        String time = "";
        Path readme = folder.resolve(README);
        for (String paragraph : Files.exists(readme) ? InputFile.text(readme).split("\\R\\s*\\R") : new String[0]) {
            String text = paragraph.strip().replaceAll("\\s+", " ");
            if (text.startsWith(TIME)) {
                time = text.substring(TIME.length());
            } else if (about.isEmpty() && !text.startsWith("#")) {
                about = text;
            }
        }
        return new Suite(folder.getFileName().toString(), about, time, files);
    }

    /**
     * The suites in a folder, by name.
     *
     * @throws InputException if it does not exist
     */
    public static List<Suite> in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException("--suites: there is no folder " + folder
                    + "; the shipped suites are in scenarios/claims beside the program");
        }
        List<Suite> all = new ArrayList<>();
        for (Path p : list(folder, Files::isDirectory)) {
            if (!list(p, f -> f.toString().endsWith(".yaml")).isEmpty()) {
                all.add(read(p));
            }
        }
        return all;
    }

    private interface Filter {
        boolean accepts(Path path);
    }

    private static List<Path> list(Path folder, Filter filter) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(filter::accepts).sorted().toList();
        }
    }

    /**
     * Reads its studies, in the order of their files.
     *
     * @param overrides {@code key=value} that replace settings of every run
     * @param full whether they have their full size
     * @throws InputException if one of them is wrong or has no claims
     */
    public List<Study> studies(List<String> overrides, boolean full) {
        List<Study> all = new ArrayList<>();
        for (Path f : files) {
            Study study = Study.read(f, InputFile.text(f), overrides, false, full);
            if (study.claims().isEmpty()) {
                throw new InputException(f + ": claims: a study of a suite has some");
            }
            if (all.stream().anyMatch(s -> s.name().equals(study.name()))) {
                throw new InputException(f + ": name: two studies of the suite are called \"" + study.name() + "\"");
            }
            all.add(study);
        }
        return all;
    }
}
