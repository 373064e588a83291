package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports that others could reach are opened only where that is wanted. */
class OpenPortsTest {
    private static final String SMALL = """
            users: 3
            data: {source: 'builtin:romance', train_tokens: 400, validation_tokens: 70, test_tokens: 70}
            training: {iterations: 2, batch_size: 2, context: 16}
            """;

    @RegisterExtension
    private final Terminal terminal = new Terminal();

    @TempDir
    private Path folder;

    private void refused(String... command) {
        assertThat(terminal.coterie(command)).as(String.join(" ", command)).isEqualTo(2);
        assertThat(terminal.err())
                .contains("is not loopback")
                .contains("--config deploy/tls.conf")
                .contains("--insecure")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:0", "[::]:0", "192.0.2.7:25520", "no.such.name.invalid:0"})
    void withoutTlsAnAddressThatIsNotLoopbackIsRefused(String bind) throws IOException {
        refused("node", "--bind", bind);
        refused("node", "--bind", bind, "--join", "127.0.0.1:1");
        Path scenario = Files.writeString(folder.resolve("s.yaml"), SMALL);
        Path out = folder.resolve("run");
        for (String nodes : List.of("--nodes=2", "--nodes=192.0.2.8:25520", "--await-nodes=1")) {
            refused("run", scenario.toString(), "--out", out.toString(), "--bind", bind, nodes);
        }
    }

    @Test
    void aFileThatOpensThePortIsRefusedToo() throws IOException {
        Path config = Files.writeString(folder.resolve("open.conf"), "pekko.remote.artery.bind.hostname = \"0.0.0.0\"");
        refused("node", "--config", config.toString());
        refused("node", "--bind", "127.0.0.1:0", "--config", config.toString());
    }

    @Test
    void whoWantsItMayHaveIt() {
        assertThat(ClusterOptions.settings("0.0.0.0:0", null, true).host()).isEqualTo("0.0.0.0");
        assertThat(ClusterOptions.settings("127.0.0.1:0", null, false).host()).isEqualTo("127.0.0.1");
        assertThat(ClusterOptions.settings(null, null, false).host()).isNull();
    }

    @Test
    void aLivePageThatOthersCanReachSaysSo() {
        try (LiveView view = new LiveView("0.0.0.0:0")) {
            assertThat(view.stopped()).isFalse();
        }
        assertThat(terminal.err().lines())
                .filteredOn(l -> l.contains("can pause and stop the run, and the traffic is not encrypted"))
                .hasSize(1);
        terminal.clear();
        try (LiveView view = new LiveView("0")) {
            assertThat(view.stopped()).isFalse();
        }
        assertThat(terminal.err()).contains("watch it at").doesNotContain("not encrypted");
    }
}
