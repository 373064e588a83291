package coterie.scenarios.command;

import coterie.actors.cluster.Node;
import coterie.actors.cluster.NodeSettings;
import coterie.actors.cluster.RunFactory;
import coterie.model.torch.ComputeDevice;
import coterie.scenarios.config.InputException;
import coterie.scenarios.results.ProcessMemory;
import coterie.scenarios.run.NodeRunFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code coterie node}: waits for runs, and computes for one after another. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "Wait for runs over nodes, and compute for them.")
final class NodeCommand implements Callable<Integer> {
    /** Begins the line that tells the address. */
    static final String LISTENS = "node ";

    private static final double SHARE_OF_MEMORY = 0.8;

    @Option(
            names = "--join",
            paramLabel = "HOST:PORT",
            description = "join runs that listen there (coterie run --bind HOST:PORT --await-nodes N)")
    private String join;

    @Option(
            names = "--bind",
            paramLabel = "HOST:PORT",
            description = "where to listen; others reach it by this name (default: loopback, any port)")
    private String bind;

    @Option(
            names = "--weight",
            paramLabel = "X",
            description =
                    "users it computes at once, compared with other nodes (default: its CPU threads, and of a GPU as many"
                            + " cores of this machine as are as fast in matrix products)")
    private Double weight;

    @Option(names = "--memory", paramLabel = "GB", description = "memory for users (default: 80 %% of what is free)")
    private Double memory;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "more configuration of the cluster (HOCON): TLS, failure detection")
    private Path config;

    @Option(names = "--insecure", description = ClusterOptions.INSECURE)
    private boolean insecure;

    @Option(names = "--once", description = "end when the first run is over")
    private boolean once;

    @Option(names = "--with-parent", hidden = true, description = "end when standard input does")
    private boolean withParent;

    @Option(names = "--bench", hidden = true, description = "learn nothing")
    private boolean bench;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws IOException {
        device.check();
        if (weight != null && !(weight > 0) || memory != null && !(memory > 0)) {
            throw new InputException("--weight and --memory must be greater than 0");
        }
        if (join != null) {
            ClusterOptions.addresses(join);
        }
        NodeSettings settings = ClusterOptions.settings(bind, config, insecure);
        if (withParent) {
            Thread parent = new Thread(NodeCommand::endWithParent, "parent");
            parent.setDaemon(true);
            parent.start();
        }
        if (bench) {
            serve(settings, new BenchRunFactory());
        } else {
            try (NodeRunFactory factory = new NodeRunFactory(devices())) {
                serve(settings, factory);
            }
        }
        return 0;
    }

    private void serve(NodeSettings first, RunFactory factory) {
        NodeSettings settings = first;
        do {
            NodeSettings where = settings;
            try (Node node = ClusterOptions.listening(() -> new Node(where, factory, join))) {
                System.setProperty("coterie.node", " [node " + node.address() + "]");
                System.out.println(LISTENS + node.address());
                // A node that restarts keeps its address.
                settings = ClusterOptions.settings(node.address(), config, insecure);
                if (withParent) {
                    // The starter shows its log already.
                    node.await();
                } else {
                    LogForwarding.during(node, node::await);
                }
            }
        } while (!once && !withParent);
    }

    private List<NodeRunFactory.Device> devices() throws IOException {
        List<String> names = device.names();
        List<NodeRunFactory.Device> all = new ArrayList<>();
        DeviceChoice.usable(names);
        for (String name : names) {
            boolean cpu = name.equals(DeviceChoice.CPU);
            double room = memory != null
                    ? memory * 1e9
                    : SHARE_OF_MEMORY * (cpu ? ProcessMemory.available() : ComputeDevice.free(name));
            double share = weight != null ? weight / names.size() : device.weight(name);
            all.add(new NodeRunFactory.Device(name, device.threads(name), device.stack(name), share, (long)
                    (room / (memory != null || cpu ? names.size() : 1))));
        }
        return all;
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Only the end counts.
            }
        } catch (IOException e) {
            // Counts as the end.
        }
        Runtime.getRuntime().halt(0);
    }
}
