package coterie.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.Member;
import org.slf4j.LoggerFactory;

/**
 * Where an actor system of a cluster listens.
 *
 * @param host name or address on which it listens and by which others reach it; null for loopback
 * @param port 0 for any free port
 * @param config file that overrides the configuration, for TLS or failure detection; null for none
 */
public record NodeSettings(String host, int port, Path config) {
    private static final String NODE_ROLE = "node";
    private static final String ARTERY = "pekko.remote.artery.";

    /**
     * Starts an actor system.
     *
     * @param node whether it hosts users
     * @throws IllegalArgumentException if the configuration is invalid, or the system cannot listen there
     */
    <T> ActorSystem<T> start(Behavior<T> guardian, boolean node) {
        // Several threads ask for loggers at once; without a logger factory each would print a warning.
        LoggerFactory.getILoggerFactory();
        try {
            Config all = load(node);
            String at = listensAt(all);
            int on = listensOn(all);
            // Tried before, since Artery logs a failure to bind at length.
            try (ServerSocket free = new ServerSocket()) {
                free.setReuseAddress(true);
                free.bind(new InetSocketAddress(at, on));
            } catch (IOException | UnresolvedAddressException e) {
                throw new IllegalArgumentException("cannot listen at " + at + ":" + on + ": " + e.getMessage(), e);
            }
            return ActorSystem.create(guardian, "coterie", all);
        } catch (ConfigException e) {
            throw new IllegalArgumentException("configuration of the cluster: " + e.getMessage(), e);
        }
    }

    /**
     * The address, other than loopback, at which this would accept any connection: without TLS, or with TLS that asks
     * the other side for no certificate. Null if it listens on loopback only, or accepts only trusted certificates.
     *
     * @throws IllegalArgumentException if the configuration is invalid
     */
    public String open() {
        try {
            Config all = load(false);
            boolean tls = all.getString(ARTERY + "transport").equalsIgnoreCase("tls-tcp");
            boolean asks = all.getBoolean(ARTERY + "ssl.config-ssl-engine.require-mutual-authentication");
            String at = listensAt(all);
            return tls && asks || loopback(at) ? null : at;
        } catch (ConfigException e) {
            throw new IllegalArgumentException("configuration of the cluster: " + e.getMessage(), e);
        }
    }

    /** Whether a name or address means loopback only. A wildcard does not, nor does a name that cannot be resolved. */
    public static boolean loopback(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Where Artery binds, which need not be where others reach it. Its two names for this machine are resolved. */
    private static String listensAt(Config all) {
        String bind = all.getString(ARTERY + "bind.hostname");
        String at = bind.isEmpty() ? all.getString(ARTERY + "canonical.hostname") : bind;
        try {
            return switch (at) {
                case "<getHostAddress>" -> InetAddress.getLocalHost().getHostAddress();
                case "<getHostName>" -> InetAddress.getLocalHost().getHostName();
                default -> at;
            };
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("cannot listen at " + at + ": " + e.getMessage(), e);
        }
    }

    private static int listensOn(Config all) {
        String bind = all.getString(ARTERY + "bind.port");
        return bind.isEmpty() ? all.getInt(ARTERY + "canonical.port") : all.getInt(ARTERY + "bind.port");
    }

    /** The whole configuration of an actor system. */
    private Config load(boolean node) {
        Map<String, Object> own = new HashMap<>();
        if (host != null) {
            own.put(ARTERY + "canonical.hostname", host);
        }
        own.put(ARTERY + "canonical.port", port);
        own.put("pekko.cluster.roles", node ? List.of(NODE_ROLE) : List.of());
        // A node that is told to end leaves at once. The starter of a run first saves the run.
        own.put("pekko.jvm-shutdown-hooks", node);
        own.put("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", node);
        Config base =
                ConfigFactory.parseMap(own).withFallback(ConfigFactory.parseResources("coterie/actors/cluster.conf"));
        Config file = config == null
                ? ConfigFactory.empty()
                : ConfigFactory.parseFile(
                        config.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
        return file.withFallback(ConfigFactory.defaultOverrides())
                .withFallback(base)
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    static boolean isNode(Member m) {
        return m.getRoles().contains(NODE_ROLE);
    }
}
