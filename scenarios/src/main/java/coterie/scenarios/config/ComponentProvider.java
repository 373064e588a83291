package coterie.scenarios.config;

import java.util.List;

/**
 * Provides components that scenarios can select: topologies, models of time, trust strategies, protocols, aggregators,
 * data sources, learners. {@code coterie.scenarios.components} provides those of Coterie. Code registers a provider in
 * the file {@code META-INF/services/coterie.scenarios.config.ComponentProvider} on the class path; all nodes of a run
 * need the same providers.
 */
public interface ComponentProvider {
    /**
     * Returns the components.
     *
     * @return records annotated with {@link coterie.topology.settings.Component}
     */
    List<Class<? extends Record>> components();

    /** Whether the components come before those of other providers in {@code coterie list}, as Coterie's own do. */
    default boolean isBuiltin() {
        return false;
    }
}
