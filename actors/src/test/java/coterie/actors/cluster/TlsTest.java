package coterie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.clock.Engine;
import coterie.actors.clock.RandomConfigs;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that present certificates to one another, and nodes that cannot. */
class TlsTest {
    private static final String PASSWORD = "not-a-secret";

    @TempDir
    private Path folder;

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
        Process p = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(p.waitFor())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
    }

    /**
     * A key of its own, and the configuration that uses it.
     *
     * @param trusting whose certificate it trusts
     */
    private NodeSettings settings(String name, String trusting) throws IOException, InterruptedException {
        Path keys = folder.resolve(name + ".p12");
        Path trust = folder.resolve(trusting + "-trust.p12");
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=ip:127.0.0.1",
                "-keystore",
                keys.toString());
        if (!Files.exists(trust)) {
            Path certificate = folder.resolve(name + ".cer");
            keytool("-exportcert", "-alias", name, "-keystore", keys.toString(), "-file", certificate.toString());
            keytool(
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    name,
                    "-keystore",
                    trust.toString(),
                    "-file",
                    certificate.toString());
        }
        Path config = folder.resolve(name + ".conf");
        Files.writeString(config, """
                pekko.remote.artery {
                  transport = tls-tcp
                  ssl.config-ssl-engine {
                    key-store = "%s"
                    key-store-password = "%s"
                    key-password = "%s"
                    trust-store = "%s"
                    trust-store-password = "%s"
                    require-mutual-authentication = on
                    hostname-verification = on
                  }
                }
                """.formatted(keys, PASSWORD, PASSWORD, trust, PASSWORD));
        return new NodeSettings(null, 0, config);
    }

    @Test
    void onlyNodesWithACertificateThatIsTrustedTakePart() throws IOException, InterruptedException {
        NodeSettings trusted = settings("ours", "ours");
        NodeSettings intruder = settings("theirs", "ours");
        ExecutorService executor = Executors.newFixedThreadPool(2);
        ClusterTest.DrawnRunFactory factory = new ClusterTest.DrawnRunFactory("1", 1, executor);
        try (ClusterEngine cluster = new ClusterEngine(trusted)) {
            try (Node other = new Node(intruder, factory, cluster.address());
                    Node plain = new Node(new NodeSettings(null, 0, null), factory, cluster.address())) {
                assertThat(other.address()).isNotEqualTo(plain.address());
                assertThatThrownBy(() -> cluster.await(
                                List.of(other.address(), plain.address()), 1, Duration.ofSeconds(6), () -> true))
                        .isInstanceOf(RunFailedException.class)
                        .hasMessageContaining("0 of 1 nodes have come; missing: [" + other.address());
            }
            try (Node one = new Node(trusted, factory, cluster.address());
                    Node two = new Node(trusted, factory, null)) {
                cluster.await(List.of(one.address(), two.address()), 2, Duration.ofSeconds(60), () -> true);
                Setting setting = RandomConfigs.drawn(3);
                String hash;
                try (Engine engine = new Engine();
                        Simulation s = engine.start(
                                setting.config(),
                                ArithmeticLearner.of(setting, executor),
                                o -> {},
                                new Simulation.Virtual())) {
                    hash = s.await().traceHash();
                }
                ClusterRun run = new ClusterRun(
                        new ClusterTest.Drawn("3", "1", "the same"),
                        setting.config(),
                        o -> {},
                        new Simulation.Virtual(),
                        Checkpoints.NONE,
                        null);
                try (Simulation s = cluster.start(run)) {
                    assertThat(s.await().traceHash()).isEqualTo(hash);
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
