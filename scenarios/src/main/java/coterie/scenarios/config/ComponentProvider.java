package coterie.scenarios.config;

import java.util.List;

/**
 * Provides components that scenarios can select: topologies, models of time, trust strategies, protocols, aggregators.
 * {@link BuiltinComponents} provides those of Coterie. Other code registers a provider in the file
 * {@code META-INF/services/coterie.scenarios.config.ComponentProvider} on the class path; all nodes of a run need the
 * same providers.
 */
public interface ComponentProvider {
    /**
     * Returns the components.
     *
     * @return records annotated with {@link coterie.topology.settings.Component}
     */
    List<Class<? extends Record>> components();
}
