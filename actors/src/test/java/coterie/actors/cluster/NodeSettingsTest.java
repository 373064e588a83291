package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports that are open to everyone who can reach them. */
class NodeSettingsTest {
    @TempDir
    private Path folder;

    private NodeSettings settings(String host, String config) throws IOException {
        String text = "pekko.remote.artery {\n" + config.replace("; ", "\n") + "\n}\n";
        Path file = Files.writeString(folder.resolve("node.conf"), text);
        return new NodeSettings(host, 0, file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.3.4.5", "localhost", "[::1]", "::1"})
    void loopbackIsNotOpen(String host) {
        assertThat(new NodeSettings(host, 0, null).open()).isNull();
        assertThat(new NodeSettings(null, 0, null).open()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "[::]",
                "::",
                "0",
                "192.0.2.7",
                "10.1.2.3",
                "[2001:db8::7]",
                "169.254.1.1",
                "no.such.name.invalid"
            })
    void everyOtherAddressIsOpen(String host) {
        assertThat(new NodeSettings(host, 0, null).open()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            127.0.0.1 | bind.hostname = "0.0.0.0" | 0.0.0.0
            127.0.0.1 | canonical.hostname = "192.0.2.7" | 192.0.2.7
            127.0.0.1 | transport = tls-tcp; ssl.config-ssl-engine.require-mutual-authentication = off |
            192.0.2.7 | transport = tls-tcp; ssl.config-ssl-engine.require-mutual-authentication = off | 192.0.2.7
            192.0.2.7 | transport = aeron-udp | 192.0.2.7
            192.0.2.7 | transport = TLS-TCP |
            192.0.2.7 | transport = tls-tcp; ssl.config-ssl-engine.require-mutual-authentication = on |
            192.0.2.7 | bind.hostname = "127.0.0.1" |
            192.0.2.7 | canonical.hostname = "localhost" |
            """)
    void whatAFileSaysCounts(String host, String config, String open) throws IOException {
        assertThat(settings(host, config).open()).isEqualTo(open);
    }

    @Test
    void aFileThatIsNoneSaysSo() throws IOException {
        NodeSettings broken = settings("192.0.2.7", "transport = {");
        assertThatThrownBy(broken::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("configuration of the cluster: ");
    }
}
