package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * The commands in README and docs work. Blocks marked {@code sh} are run line by line, with few iterations, in a folder
 * with copies of the repository's scenarios, those of the longest pages in the slow profile; blocks marked {@code sh
 * slow} are run there unchanged. Everything else that begins with ./coterie must at least be a command with valid
 * options. Links lead somewhere.
 */
class DocumentationTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    /** Their commands take minutes. */
    private static final Set<String> LONG_PAGES = Set.of("analysis.md", "cluster.md", "results.md");

    private static final Pattern BLOCK =
            Pattern.compile("^```([a-z]*)( slow)?\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern INLINE = Pattern.compile("`(\\./coterie [^`\\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);
    private static final Pattern SAVED =
            Pattern.compile("[Ss]ave\\s+(?:this\\s+)?as\\s+`([a-z.]+)`:\\s*```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @TempDir
    private Path folder;

    static List<Path> pages() throws IOException {
        List<Path> all = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(p -> p.toString().endsWith(".md")).sorted().forEach(all::add);
        }
        return all;
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher m = WORD.matcher(command);
        while (m.find()) {
            words.add(m.group(1) != null ? m.group(1) : m.group(2));
        }
        return words;
    }

    /** Commands of the blocks of one kind, in their order; lines that end in a backslash go on. */
    private static List<String> typed(String page, boolean slow) {
        List<String> all = new ArrayList<>();
        Matcher m = BLOCK.matcher(page);
        while (m.find()) {
            if (m.group(1).equals("sh") && slow == (m.group(2) != null)) {
                m.group(3)
                        .replaceAll("\\\\\\n\\s*", "")
                        .lines()
                        .map(String::strip)
                        .filter(l -> !l.isEmpty() && !l.startsWith("#"))
                        .forEach(all::add);
            }
        }
        return all;
    }

    private void prepare(String page) throws IOException {
        for (String name : List.of(
                "docs",
                "scenarios/claims",
                "scenarios/examples",
                "scenarios/paper",
                "scenarios/presets",
                "scenarios/schema",
                "scenarios/studies",
                "scenarios/quickstart.yaml")) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(name))) {
                for (Path p : all.filter(Files::isRegularFile).toList()) {
                    Path to = folder.resolve(ROOT.relativize(p).toString());
                    Files.createDirectories(to.getParent());
                    Files.copy(p, to);
                }
            }
        }
        Matcher m = SAVED.matcher(page);
        while (m.find()) {
            Files.writeString(folder.resolve(m.group(1)), m.group(2));
        }
    }

    private void type(Shell shell, String line, boolean slow) throws IOException, InterruptedException {
        if (!line.startsWith("./coterie ")) {
            assertThat(new ProcessBuilder("bash", "-ec", line)
                            .directory(folder.toFile())
                            .inheritIO()
                            .start()
                            .waitFor())
                    .as(line)
                    .isZero();
            return;
        }
        String[] parts = line.substring("./coterie ".length()).split(" > ", 2);
        List<String> words = words(parts[0]);
        // Vectors take no time, and have no tokens.
        boolean vectors = words.contains("scenarios/examples/trees.yaml");
        if (!slow && !vectors && List.of("run", "study").contains(words.get(0))) {
            words.addAll(List.of(
                    "--set", "training.iterations=4", "--set", "evaluation.tokens=200", "--set", "record.samples=1"));
        }
        int code = parts.length > 1
                ? shell.coterie(folder.resolve(parts[1].strip()), words)
                : shell.coterie(words.toArray(String[]::new));
        assertThat(code).as("%s%n%s", line, shell.said()).isZero();
    }

    private static Stream<Path> pages(boolean longOnes) throws IOException {
        return pages().stream()
                .filter(p -> longOnes == LONG_PAGES.contains(p.getFileName().toString()));
    }

    static Stream<Path> longPages() throws IOException {
        return pages(true);
    }

    static Stream<Path> otherPages() throws IOException {
        return pages(false);
    }

    @ParameterizedTest
    @MethodSource("otherPages")
    void commandsWork(Path page) throws IOException, InterruptedException {
        type(page, false);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("longPages")
    void commandsOfLongPagesWork(Path page) throws IOException, InterruptedException {
        type(page, false);
    }

    private void type(Path page, boolean slow) throws IOException, InterruptedException {
        String text = Files.readString(page);
        List<String> lines = typed(text, slow);
        if (lines.isEmpty()) {
            return;
        }
        prepare(text);
        try (Shell shell = new Shell(folder, System.getProperty("java.class.path"), folder.resolve("log.txt"))) {
            for (String line : lines) {
                type(shell, line, slow);
            }
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("pages")
    void longCommandsWork(Path page) throws IOException, InterruptedException {
        type(page, true);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandExistsWithItsOptions(Path page) throws IOException {
        String text = Files.readString(page);
        List<String> all = new ArrayList<>();
        Matcher inline = INLINE.matcher(text);
        while (inline.find()) {
            all.add(inline.group(1));
        }
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            block.group(3)
                    .replaceAll("\\\\\\n\\s*", "")
                    .lines()
                    .map(String::strip)
                    .filter(l -> l.startsWith("./coterie "))
                    .forEach(all::add);
        }
        for (String command : all) {
            String said = command.replaceAll(" > .*| +#.*|  +.*", "").substring("./coterie ".length());
            List<String> words = new ArrayList<>(words(said));
            // Places for others' words: numbers where numbers are wanted.
            words.replaceAll(w -> w.matches("N|…|[.]{3}") ? "1" : w);
            try {
                new CommandLine(new Main())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .parseArgs(words.toArray(String[]::new));
            } catch (CommandLine.MissingParameterException e) {
                assertThat(words.size())
                        .as("only a command's name may stand alone: %s", command)
                        .isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Path page) throws IOException {
        Matcher m = LINK.matcher(Files.readString(page));
        while (m.find()) {
            if (!m.group(1).matches("[a-z]+:.*")) {
                Path to = m.group(1).isEmpty()
                        ? page
                        : page.resolveSibling(m.group(1)).normalize();
                assertThat(to).as("linked in %s", page.getFileName()).exists();
                if (m.group(2) != null) {
                    assertThat(anchors(to))
                            .as("headings of %s", to.getFileName())
                            .contains(m.group(2));
                }
            }
        }
    }

    /** Names of a page's headings, as they stand in links. */
    private static Set<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(h -> h.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void somethingIsTypedAtAll() throws IOException {
        int typed = 0;
        for (Path page : pages()) {
            typed += typed(Files.readString(page), false).size();
        }
        assertThat(typed).isGreaterThan(10);
    }
}
