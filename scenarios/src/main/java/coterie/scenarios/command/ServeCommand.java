package coterie.scenarios.command;

import coterie.actors.live.PageServer;
import coterie.scenarios.config.InputException;
import coterie.scenarios.serve.RunPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie serve}: shows the runs in a folder in a browser, until it is interrupted. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Show the runs in a folder in a browser: their list, the report of each, and comparisons. Runs"
                + " under way are shown as far as they are. Only this machine can reach the pages. Ctrl-C ends it.")
final class ServeCommand implements Callable<Integer> {
    private static final int LAST_PORT = 65_535;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            description = "folder of a run, or a folder that contains runs (default: runs)")
    private Path folder = Path.of("runs");

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "7080",
            description = "port at the loopback address (default: 7080; 0 for any that is free)")
    private int port;

    @Option(names = "--open", description = "open the list in the browser")
    private boolean open;

    @Override
    public Integer call() {
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + " is no folder; usage: coterie serve [DIR]");
        }
        if (port < 0 || port > LAST_PORT) {
            throw new InputException("--port: must be from 0 to " + LAST_PORT + ", found " + port);
        }
        try (PageServer server = listening()) {
            System.out.println("runs in " + folder + ": " + server.address() + " (Ctrl-C ends it)");
            if (open) {
                open(server.address());
            }
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // Only a caller in this process ends it so.
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private PageServer listening() {
        try {
            return new PageServer(port, new RunPages(folder));
        } catch (IllegalArgumentException e) {
            throw new InputException("--port: " + e.getMessage());
        }
    }

    private static void open(String address) {
        boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
        try {
            new ProcessBuilder(mac ? "open" : "xdg-open", address)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            System.err.println("coterie: no browser can be started from here; open the address yourself");
        }
    }
}
