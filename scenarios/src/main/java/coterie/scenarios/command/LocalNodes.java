package coterie.scenarios.command;

import coterie.actors.cluster.ClusterEngine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Nodes as child processes, which end with this process. */
final class LocalNodes implements AutoCloseable {
    /** The program is started by name, since commands do not know the class that lists them. */
    private static final String PROGRAM = LocalNodes.class.getPackageName() + ".Main";

    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final long LEAVING_SECONDS = 10;
    private final List<Process> processes = new ArrayList<>();
    private volatile boolean closing;
    private volatile boolean silent;

    private LocalNodes() {}

    /**
     * Starts nodes, which join the cluster when they are ready.
     *
     * @param insecure whether they may accept any connection, if {@code config} says so
     */
    static LocalNodes start(int n, ClusterEngine cluster, DeviceOptions device, Path config, boolean insecure) {
        LocalNodes nodes = new LocalNodes();
        int threads = threads(n, device);
        try {
            for (int k = 0; k < n; k++) {
                List<String> names = device.names();
                nodes.start(
                        command(
                                cluster.address(),
                                names.get(k % names.size()),
                                threads,
                                device.stack(),
                                config,
                                insecure),
                        cluster);
            }
        } catch (IOException e) {
            nodes.close();
            throw new UncheckedIOException(e);
        }
        return nodes;
    }

    /** Compute threads of each of n nodes. */
    static int threads(int n, DeviceOptions device) {
        return Math.max(1, device.threads() / n);
    }

    /** Starts nodes for benchmarks, which learn nothing. */
    static LocalNodes bench(int n, ClusterEngine cluster) {
        LocalNodes nodes = new LocalNodes();
        try {
            for (int k = 0; k < n; k++) {
                nodes.start(command(List.of("--join", cluster.address(), "--with-parent", "--bench")), cluster);
            }
        } catch (IOException e) {
            nodes.close();
            throw new UncheckedIOException(e);
        }
        return nodes;
    }

    /**
     * Kills a node.
     *
     * @param told whether the cluster is told at once, or has to notice the silence
     */
    void kill(int node, boolean told) {
        silent = !told;
        processes.get(node).destroyForcibly();
    }

    private static List<String> command(
            String join, String device, int threads, int stack, Path config, boolean insecure) {
        List<String> options = new ArrayList<>(List.of(
                "--join",
                join,
                "--device",
                device,
                "--threads",
                String.valueOf(threads),
                "--stack",
                String.valueOf(stack),
                "--with-parent"));
        if (config != null) {
            options.addAll(List.of("--config", config.toString()));
        }
        if (insecure) {
            options.add("--insecure");
        }
        return command(options);
    }

    private static List<String> command(List<String> options) {
        List<String> c = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            // Ctrl-C is for the starter of the run, which needs its nodes to save the run.
            c.add(SETSID.toString());
        }
        c.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("-X")
                    || option.startsWith("-Dcoterie.passes=")
                    || option.startsWith("-Dcoterie.recompute=")
                    || option.startsWith("-Dcoterie.cluster.")) {
                c.add(option);
            }
        }
        c.addAll(List.of("-cp", System.getProperty("java.class.path"), PROGRAM, "node"));
        c.addAll(options);
        return c;
    }

    private void start(List<String> command, ClusterEngine cluster) throws IOException {
        Process p = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(p);
        CompletableFuture<String> address = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(p, address), "node-" + p.pid());
        reader.setDaemon(true);
        reader.start();
        p.onExit().thenAccept(x -> {
            if (!closing && !silent) {
                // The cluster need not wait for its silence.
                address.thenAccept(cluster::lost);
            }
        });
    }

    private static void read(Process p, CompletableFuture<String> address) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith(NodeCommand.LISTENS)) {
                    address.complete(line.substring(NodeCommand.LISTENS.length()));
                } else {
                    System.err.println(line);
                }
            }
        } catch (IOException e) {
            // The end of the process is noticed elsewhere.
        }
    }

    /** Whether all are alive. */
    boolean alive() {
        return processes.stream().allMatch(Process::isAlive);
    }

    /** Ends the nodes, by closing their standard input. */
    @Override
    public void close() {
        closing = true;
        for (Process p : processes) {
            try {
                p.getOutputStream().close();
            } catch (IOException e) {
                p.destroy();
            }
        }
        for (Process p : processes) {
            try {
                if (!p.waitFor(LEAVING_SECONDS, TimeUnit.SECONDS)) {
                    p.destroyForcibly();
                }
            } catch (InterruptedException e) {
                p.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
