package coterie.scenarios.command;

import coterie.actors.cluster.ClusterEngine;
import coterie.actors.cluster.NodeSettings;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.run.ClusterRunBackend;
import coterie.scenarios.run.LocalRunBackend;
import coterie.scenarios.run.RunBackend;
import coterie.scenarios.run.RunHost;
import coterie.scenarios.run.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Options that spread a run over nodes. */
final class ClusterOptions {
    static final String INSECURE =
            "listen without TLS on an address other than loopback, where only trusted machines" + " can reach the port";
    private static final int MOST_LOCAL = 64;

    @Option(
            names = "--nodes",
            paramLabel = "N|HOST:PORT,...",
            description = "spread the users over N processes on this machine, or over these running"
                    + " nodes (coterie node --bind HOST:PORT)")
    private String nodes;

    @Option(
            names = "--await-nodes",
            paramLabel = "N",
            description = "spread the users over N nodes that join by themselves (coterie node --join)")
    private Integer awaited;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "how long to wait for nodes (default: ${DEFAULT-VALUE})")
    private int patience;

    @Option(
            names = "--bind",
            paramLabel = "HOST:PORT",
            description = "where to listen for nodes (default: loopback, any port)")
    private String bind;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "more configuration of the cluster (HOCON): TLS, failure detection")
    private Path config;

    @Option(names = "--insecure", description = INSECURE)
    private boolean insecure;

    /** Whether a run is to be spread over nodes. */
    boolean any() {
        return nodes != null || awaited != null;
    }

    /** Makes the backend of a scenario. */
    RunHost.Place place(Loaded loaded, DeviceOptions device) {
        device.choose(List.of(loaded));
        if (!any()) {
            if (bind != null || config != null || insecure) {
                throw new InputException("--bind, --config and --insecure are for runs over nodes: name some with"
                        + " --nodes or --await-nodes");
            }
            return new RunHost.Place(LocalRunBackend.load(loaded, device.hosts()), List.of());
        }
        int local = nodes != null && nodes.matches("[0-9]{1,4}") ? Integer.parseInt(nodes) : -1;
        List<String> invited = nodes == null || local >= 0 ? List.of() : addresses(nodes);
        if (local == 0 || local > MOST_LOCAL) {
            throw new InputException(
                    "--nodes must be 1 to " + MOST_LOCAL + " processes, or addresses HOST:PORT,...; found " + nodes);
        }
        if (awaited != null && (awaited < 1 || awaited > 10_000)) {
            throw new InputException("--await-nodes must be 1 to 10000, found " + awaited);
        }
        if (patience < 0) {
            throw new InputException("--patience must not be negative, found " + patience);
        }
        NodeSettings settings = settings(bind, config, insecure);
        List<Runnable> others = new ArrayList<>();
        ClusterEngine cluster = listening(() -> new ClusterEngine(settings));
        // Nodes restart when the starter leaves.
        others.add(cluster::close);
        try {
            LocalNodes children = local > 0 ? LocalNodes.start(local, cluster, device, config, insecure) : null;
            if (children != null) {
                others.add(children::close);
            } else {
                System.err.println("coterie: waiting for nodes at " + cluster.address());
            }
            // Data is divided here while they start.
            RunBackend backend = ClusterRunBackend.load(loaded, cluster, workers(device, local));
            int wanted = Math.max(0, local) + invited.size() + (awaited == null ? 0 : awaited);
            cluster.await(invited, wanted, Duration.ofSeconds(patience), () -> children == null || children.alive());
            return new RunHost.Place(backend, others);
        } catch (RuntimeException | Error e) {
            others.forEach(Runnable::run);
            throw e;
        }
    }

    /**
     * @param local number of nodes on this machine; not above 0 if nodes are elsewhere, which have their own options
     */
    private static Workers workers(DeviceOptions device, int local) {
        List<String> devices = device.names().stream().distinct().toList();
        return local > 0
                ? new Workers(devices, local * LocalNodes.threads(local, device), device.stack(), local)
                : new Workers(devices, null, null, 0);
    }

    /**
     * The settings of an actor system.
     *
     * @param insecure whether it may accept any connection
     * @throws InputException if the address or the file is invalid, or it would accept any connection and may not
     */
    static NodeSettings settings(String bind, Path config, boolean insecure) {
        NodeSettings settings = settings(bind, config);
        String open = insecure ? null : listening(settings::open);
        if (open != null) {
            throw new InputException((bind == null ? "--config" : "--bind") + ": " + open + " is not loopback, and TLS"
                    + " with certificates on both sides is not configured: anyone who can reach the port could read and"
                    + " change the run, and keep this machine busy. Use certificates (--config "
                    + "deploy/tls.conf; the file"
                    + " says how), or --insecure where only trusted machines can reach the port");
        }
        return settings;
    }

    private static NodeSettings settings(String bind, Path config) {
        if (config != null && !Files.isRegularFile(config)) {
            throw new InputException("--config " + config + ": there is no such file");
        }
        if (bind == null) {
            return new NodeSettings(null, 0, config);
        }
        String address = addresses(bind).get(0);
        int colon = address.lastIndexOf(':');
        return new NodeSettings(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), config);
    }

    /** Addresses separated by commas. */
    static List<String> addresses(String text) {
        List<String> all = new ArrayList<>();
        for (String a : text.split(",")) {
            int colon = a.lastIndexOf(':');
            if (!a.matches("[A-Za-z0-9.\\[\\]:_-]+:[0-9]{1,5}") || Integer.parseInt(a.substring(colon + 1)) > 65_535) {
                throw new InputException("an address must be HOST:PORT, found \"" + a + "\"");
            }
            all.add(a);
        }
        return all;
    }

    /**
     * Makes something that listens.
     *
     * @throws InputException if it cannot
     */
    static <T> T listening(Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalArgumentException e) {
            throw new InputException("--bind, --config: " + e.getMessage());
        }
    }
}
