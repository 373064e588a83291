package coterie.example;

import coterie.scenarios.config.ComponentProvider;
import java.util.List;

/**
 * A plug-in: a trust strategy, an aggregator, a protocol and a source of text. A class path that holds it names it in
 * {@code META-INF/services/coterie.scenarios.config.ComponentProvider}; that is all that Coterie needs.
 */
public final class ExamplePlugIn implements ComponentProvider {
    @Override
    public List<Class<? extends Record>> components() {
        return List.of(NearParameters.class, ClippedMean.class, RelayProtocol.class, CountingText.class);
    }
}
