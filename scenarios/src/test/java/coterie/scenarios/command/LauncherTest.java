package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher, with a Java and a Maven that only say how they were called. */
class LauncherTest {
    @TempDir
    Path folder;

    private String launch(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return launch(tree(), environment, arguments);
    }

    /** A tree that is not built, and a Java and a Maven that say that they were called. */
    private Path tree() throws IOException {
        Path home = Files.createDirectories(folder.resolve("a home"));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(home.resolve("scenarios/target"));
        Files.writeString(home.resolve("pom.xml"), "");
        Files.writeString(home.resolve("scenarios/pom.xml"), "");
        Files.createDirectories(home.resolve("scenarios/src/main"));
        Files.copy(Path.of("../coterie"), home.resolve("coterie"));
        executable(home.resolve("coterie"), null);
        Files.writeString(home.resolve("scenarios/src/main/Some.java"), "class Some {}\n");
        // Called with -q -B -f POM.
        executable(
                bin.resolve("mvn"),
                "#!/bin/sh\nprintf lib/a.jar:lib/b.jar >\"${4%/pom.xml}/scenarios/target/classpath.txt\"\necho built >>"
                        + bin.resolve("builds") + "\n");
        executable(bin.resolve("java"), "#!/bin/sh\necho \"LC_ALL=$LC_ALL\"\nfor a; do echo \"argument $a\"; done\n");
        return home;
    }

    private long builds() throws IOException {
        return Files.exists(folder.resolve("bin/builds"))
                ? Files.readAllLines(folder.resolve("bin/builds")).size()
                : 0;
    }

    private String launch(Path home, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path bin = folder.resolve("bin");
        String[] command = new String[arguments.length + 1];
        command[0] = home.resolve("coterie").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment()
                .keySet()
                .removeIf(k -> k.startsWith("LC_") || k.equals("LANG") || k.equals("COTERIE_JAVA_OPTS"));
        process.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        process.environment().putAll(environment);
        Process p = process.start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor()).as(said).isZero();
        return said;
    }

    private static void executable(Path file, String text) throws IOException {
        if (text != null) {
            Files.writeString(file, text);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Containers and batch jobs have no locale, or the C one, in which Java can name no file with an accent. */
    @ParameterizedTest
    @CsvSource({
        "LANG,,C.UTF-8",
        "LC_ALL,C,C.UTF-8",
        "LC_ALL,POSIX,C.UTF-8",
        "LANG,de_DE.ISO-8859-1,C.UTF-8",
        "LANG,de_DE.UTF-8,''",
        "LC_ALL,C.utf8,C.utf8",
        "LC_CTYPE,en_US.UTF-8,''"
    })
    void javaIsStartedInALocaleInWhichEveryFileHasAName(String variable, String value, String used)
            throws IOException, InterruptedException {
        assertThat(launch(Map.of(variable, value == null ? "" : value), "list")).contains("LC_ALL=" + used + "\n");
    }

    @Test
    void argumentsArriveAsTheyWereTyped() throws IOException, InterruptedException {
        assertThat(launch(Map.of(), "run", "a file.yaml", "--set", "name=x y"))
                .contains("argument a file.yaml\n")
                .contains("argument name=x y\n");
    }

    @Test
    void theClassPathLiesInTheTree() throws IOException, InterruptedException {
        Path home = tree();
        Path at = home.resolve("scenarios/target");
        assertThat(launch(home, Map.of(), "list"))
                .contains("argument " + at.resolve("classes") + ":" + at.resolve("lib/a.jar") + ":"
                        + at.resolve("lib/b.jar") + "\n");
    }

    @Test
    void anUnpackedArchiveIsNeverBuilt() throws IOException, InterruptedException {
        Path home = tree();
        Path lib = Files.createDirectories(home.resolve("lib"));
        Files.writeString(lib.resolve("classpath.txt"), "lib/a.jar:lib/b.jar");
        Files.writeString(lib.resolve("scenarios-1.2.3.jar"), "");
        assertThat(launch(home, Map.of(), "list"))
                .contains("argument " + lib.resolve("scenarios-1.2.3.jar") + ":" + lib.resolve("a.jar") + ":"
                        + lib.resolve("b.jar") + "\n");
        assertThat(builds()).isZero();
    }

    @Test
    void aCopiedTreeIsUsedAsItIsAndBuiltAgainWhenItIsChanged() throws IOException, InterruptedException {
        Path home = tree();
        launch(home, Map.of(), "list");
        assertThat(builds()).isEqualTo(1);
        Path copy = folder.resolve("another place");
        copy(home, copy);
        // In what order files are copied is chance: here all sources are newer than what was built.
        touch(copy.resolve("scenarios/src/main/Some.java"), 60);
        assertThat(launch(copy, Map.of(), "list"))
                .contains(copy.resolve("scenarios/target/lib/a.jar").toString())
                .doesNotContain(home.toString());
        launch(copy, Map.of(), "list");
        assertThat(builds()).as("builds, the copy not changed").isEqualTo(1);
        Files.writeString(copy.resolve("scenarios/src/main/Some.java"), "class Some { }\n");
        touch(copy.resolve("scenarios/src/main/Some.java"), 120);
        launch(copy, Map.of(), "list");
        assertThat(builds()).as("builds, the copy changed").isEqualTo(2);
        Files.delete(copy.resolve("scenarios/src/main/Some.java"));
        touch(copy.resolve("scenarios/src/main"), 180);
        launch(copy, Map.of(), "list");
        assertThat(builds()).as("builds, a file of the copy deleted").isEqualTo(3);
        launch(home, Map.of(), "list");
        assertThat(builds()).as("builds, the first tree as it was").isEqualTo(3);
    }

    private static void touch(Path file, int secondsFromNow) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(secondsFromNow)));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path p : all.toList()) {
                Files.copy(p, to.resolve(from.relativize(p).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** The real thing: built, moved, and run where it has never been, with a Maven that must not be called. */
    @Test
    @Tag("slow")
    void aBuiltTreeThatWasMovedOpensNothingOfWhereItWas() throws IOException, InterruptedException {
        Path built = Files.createDirectories(folder.resolve("built here"));
        for (String name : List.of("coterie", "pom.xml")) {
            Files.copy(Path.of("..", name), built.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
        for (String other : List.of(".mvn", "docs")) {
            copy(Path.of("..", other), built.resolve(other));
        }
        for (String module : List.of("topology", "model", "actors", "scenarios")) {
            Files.createDirectories(built.resolve(module + "/src"));
            Files.copy(Path.of("..", module, "pom.xml"), built.resolve(module + "/pom.xml"));
            copy(Path.of("..", module, "src/main"), built.resolve(module + "/src/main"));
        }
        assertThat(real(built, System.getenv("PATH"), "list")).contains("prediction-similarity");
        Path moved = folder.resolve("moved there");
        Files.move(built, moved);
        Path bin = Files.createDirectories(folder.resolve("no maven"));
        executable(bin.resolve("mvn"), "#!/bin/sh\nexit 1\n");
        Path scenario = folder.resolve("s.yaml");
        Files.writeString(scenario, "users: 2\n");
        String said = real(moved, bin + ":" + System.getenv("PATH"), "validate", scenario.toString());
        assertThat(said).contains("good. 2 users");
        List<String> sources = said.lines()
                .filter(l -> l.contains(" source: file:"))
                .map(l -> l.substring(l.indexOf(" source: file:") + 14))
                .toList();
        assertThat(sources)
                .hasSizeGreaterThan(100)
                .allMatch(s -> s.startsWith(moved.toUri().getRawPath()) || s.startsWith(moved.toString()));
        assertThat(said).doesNotContain(built.toString());
    }

    private static String real(Path home, String path, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(home.resolve("coterie").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment().put("PATH", path);
        process.environment().put("COTERIE_JAVA_OPTS", "-Xlog:class+load:stdout");
        Process p = process.start();
        String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(p.waitFor()).as(said).isZero();
        return said;
    }
}
