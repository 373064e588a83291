package coterie.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.cluster.Member;

/**
 * Where a node listens.
 *
 * @param host name or address by which others reach it, and on which it listens; null for loopback
 * @param port 0 for any that is free
 * @param config more configuration, which goes before all else: TLS, failure detection; null for none
 */
public record NodeSettings(String host, int port, Path config) {
    private static final String NODE_ROLE = "node";

    /** Everything that an actor system of the cluster is configured by. */
    Config load(boolean node) {
        Map<String, Object> own = new HashMap<>();
        if (host != null) {
            own.put("pekko.remote.artery.canonical.hostname", host);
        }
        own.put("pekko.remote.artery.canonical.port", port);
        own.put("pekko.cluster.roles", node ? List.of(NODE_ROLE) : List.of());
        // A node that is told to end leaves at once. Whoever has started a run saves it first, and then ends.
        own.put("pekko.jvm-shutdown-hooks", node);
        own.put("pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", node);
        Config base = ConfigFactory.parseMap(own).withFallback(ConfigFactory.parseResources("coterie/actors/cluster.conf"));
        Config file = config == null ? ConfigFactory.empty() : ConfigFactory.parseFile(config.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
        return file.withFallback(ConfigFactory.defaultOverrides()).withFallback(base).withFallback(ConfigFactory.load()).resolve();
    }

    static boolean isNode(Member m) {
        return m.getRoles().contains(NODE_ROLE);
    }
}
