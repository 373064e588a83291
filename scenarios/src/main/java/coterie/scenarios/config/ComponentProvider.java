package coterie.scenarios.config;

import java.util.List;

/**
 * Names components that scenarios may choose: topologies, models of time, trust strategies, protocols, aggregators.
 * Coterie's own are {@link BuiltinComponents}. Other code adds its own by a file
 * {@code META-INF/services/coterie.scenarios.config.ComponentProvider} on the class path; every node of a run needs the
 * same.
 */
public interface ComponentProvider {
    /**
     * The components.
     *
     * @return records that are annotated as {@link coterie.topology.settings.Component}
     */
    List<Class<? extends Record>> components();
}
