package coterie.scenarios.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.clock.Simulation;
import coterie.actors.cluster.NodeSettings;
import coterie.actors.live.LiveServer;
import coterie.scenarios.config.InputException;
import coterie.scenarios.report.Page;
import coterie.scenarios.report.RunPage;
import coterie.scenarios.results.LiveProgress;
import coterie.scenarios.run.RunHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** A session's runs in a browser: the report page, updated during the runs, with buttons to pause, resume and stop. */
final class LiveView implements RunHost.Viewer, LiveServer.Shown {
    private static final String LOOPBACK = "127.0.0.1";
    private static final ObjectMapper JSON = new ObjectMapper();
    private final LiveServer server;
    private View view;
    private Simulation simulation;
    private int runs;
    private boolean paused;
    private boolean stopped;
    private boolean ended;
    private boolean over;

    /**
     * @param place PORT, or HOST:PORT
     * @throws InputException if the address cannot be used
     */
    LiveView(String place) {
        String address = ClusterOptions.addresses(place.matches("[0-9]{1,5}") ? LOOPBACK + ":" + place : place)
                .get(0);
        int colon = address.lastIndexOf(':');
        try {
            server = new LiveServer(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)), this);
        } catch (IllegalArgumentException e) {
            throw new InputException("--live: " + e.getMessage());
        }
        System.err.println("coterie: watch it at " + server.address());
        if (!NodeSettings.loopback(address.substring(0, colon))) {
            System.err.println("coterie: warning: everyone who can reach that address can pause and stop the run, and"
                    + " the traffic is not encrypted");
        }
    }

    @Override
    public synchronized void begins(View begun) {
        view = begun;
        begun.progress().pause(paused);
        ended = false;
        runs++;
    }

    @Override
    public synchronized void ended() {
        ended = true;
    }

    @Override
    public synchronized void started(Simulation begun) {
        simulation = begun;
        if (paused) {
            begun.pause(true);
        }
        if (stopped) {
            begun.stop();
        }
    }

    @Override
    public synchronized boolean stopped() {
        return stopped;
    }

    @Override
    public String page() {
        return Page.live("Coterie");
    }

    @Override
    public String data() {
        View now;
        boolean whole;
        synchronized (this) {
            now = view;
            whole = ended;
        }
        if (now == null) {
            return "{}";
        }
        try {
            String summary = whole ? Files.readString(now.folder().resolve("summary.json")) : null;
            return RunPage.data(now.folder(), now.title(), now.report(), summary)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized String state() {
        ObjectNode n = JSON.createObjectNode();
        long turns = view == null ? 0 : view.report().turns();
        n.put("title", view == null ? "loading" : view.title())
                .put("turns", turns)
                .put("of", view == null ? 0 : view.turns());
        n.put("seconds", view == null ? 0 : view.report().seconds())
                .put("paused", paused && !ended)
                .put("pausable", view != null && view.pausable());
        if (view != null) {
            tell(n, view.progress(), view.turns() - turns);
        }
        n.put("ended", ended).put("over", over).put("version", runs + "." + turns + "." + ended);
        return n.toString();
    }

    /** @param left turns that are not done yet */
    private static void tell(ObjectNode n, LiveProgress progress, long left) {
        n.put("users", progress.users()).put("unit", progress.unit());
        put(n, "left_seconds", progress.secondsFor(left));
        put(n, "tokens_per_second", progress.tokensPerSecond());
        LiveProgress.Event last = progress.last();
        if (last != null) {
            n.putObject("last").put("what", last.what()).put("seconds", last.seconds());
        }
    }

    private static void put(ObjectNode n, String key, double x) {
        n.put(key, Double.isFinite(x) ? x : null);
    }

    @Override
    public synchronized boolean command(String name) {
        switch (name) {
            case "pause", "resume" -> {
                paused = name.equals("pause");
                if (view != null) {
                    view.progress().pause(paused);
                }
                if (simulation != null) {
                    simulation.pause(paused);
                }
            }
            case "stop" -> {
                stopped = true;
                if (simulation != null) {
                    simulation.stop();
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        synchronized (this) {
            over = true;
        }
        server.close();
    }
}
