package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher, with a Java and a Maven that only say how they were called. */
class LauncherTest {
    @TempDir
    Path folder;

    private String launch(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(home.resolve("scenarios/target"));
        Files.writeString(home.resolve("pom.xml"), "");
        Files.writeString(home.resolve("scenarios/pom.xml"), "");
        Files.createDirectories(home.resolve("scenarios/src/main"));
        Files.copy(Path.of("../coterie"), home.resolve("coterie"));
        executable(home.resolve("coterie"), null);
        executable(bin.resolve("mvn"), "#!/bin/sh\necho lib.jar > " + home.resolve("scenarios/target/classpath.txt") + "\n");
        executable(bin.resolve("java"), "#!/bin/sh\necho \"LC_ALL=$LC_ALL\"\nfor a; do echo \"argument $a\"; done\n");
        String[] command = new String[arguments.length + 1];
        command[0] = home.resolve("coterie").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment().keySet().removeIf(k -> k.startsWith("LC_") || k.equals("LANG") || k.equals("COTERIE_JAVA_OPTS"));
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
    @CsvSource({"LANG,,C.UTF-8", "LC_ALL,C,C.UTF-8", "LC_ALL,POSIX,C.UTF-8", "LANG,de_DE.ISO-8859-1,C.UTF-8", "LANG,de_DE.UTF-8,''", "LC_ALL,C.utf8,C.utf8",
        "LC_CTYPE,en_US.UTF-8,''"})
    void javaIsStartedInALocaleInWhichEveryFileHasAName(String variable, String value, String used) throws IOException, InterruptedException {
        assertThat(launch(Map.of(variable, value == null ? "" : value), "list")).contains("LC_ALL=" + used + "\n");
    }

    @Test
    void argumentsArriveAsTheyWereTyped() throws IOException, InterruptedException {
        assertThat(launch(Map.of(), "run", "a file.yaml", "--set", "name=x y")).contains("argument a file.yaml\n").contains("argument name=x y\n");
    }
}
