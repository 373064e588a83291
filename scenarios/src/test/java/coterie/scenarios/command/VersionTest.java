package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.scenarios.run.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All files that name the version name the same one. */
class VersionTest {
    @RegisterExtension
    private final Terminal terminal = new Terminal();

    /** The version as Python's packages write it. */
    private static String python(String version) {
        return version.replace("-SNAPSHOT", ".dev0");
    }

    private static String found(String file, String pattern) throws IOException {
        Matcher m =
                Pattern.compile(pattern).matcher(Files.readString(Path.of("..").resolve(file)));
        assertThat(m.find()).as(pattern + " in " + file).isTrue();
        return m.group(1);
    }

    @ParameterizedTest
    @CsvSource({
        "pom.xml, (?s)<artifactId>coterie</artifactId>\\s*<version>([^<]+)<",
        "topology/pom.xml, <parent>.*<version>([^<]+)</version></parent>",
        "model/pom.xml, <parent>.*<version>([^<]+)</version></parent>",
        "actors/pom.xml, <parent>.*<version>([^<]+)</version></parent>",
        "scenarios/pom.xml, <parent>.*<version>([^<]+)</version></parent>",
        "CITATION.cff, (?m)^version: (.*)$",
        "README.md, target/coterie-([^`]+)[.]tar[.]gz"
    })
    void theBuildAndTheDocumentsNameIt(String file, String pattern) throws IOException {
        assertThat(found(file, pattern)).isEqualTo(Build.NUMBER);
    }

    @ParameterizedTest
    @CsvSource({"pyproject.toml, (?m)^version = \"(.*)\"$", "coterie/__init__.py, (?m)^__version__ = \"(.*)\"$"})
    void thePythonPackageNamesIt(String file, String pattern) throws IOException {
        assertThat(found("python/" + file, pattern)).isEqualTo(python(Build.NUMBER));
    }

    @Test
    void theProgramNamesIt() {
        assertThat(terminal.coterie("--version")).isZero();
        assertThat(terminal.out().strip()).isEqualTo("coterie " + Build.NUMBER);
        assertThat(Build.version()).startsWith(Build.NUMBER + "-");
    }
}
