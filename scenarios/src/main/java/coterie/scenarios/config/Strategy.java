package coterie.scenarios.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import coterie.model.trust.CollaborationStrategy;
import coterie.model.trust.TrustStrategy;
import java.util.List;
import java.util.Set;

/**
 * A collaboration strategy by its name in scenario files.
 *
 * @param label the name
 */
public record Strategy(String label) {
    /**
     * The strategy of a name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static Strategy of(String label) {
        return of(new TextNode(label));
    }

    /**
     * The strategy that a value names.
     *
     * @throws IllegalArgumentException where it names none
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Strategy of(JsonNode name) {
        if (!name.isTextual() || !names().contains(name.asText())) {
            throw new IllegalArgumentException("found " + LocatedTree.kind(name) + ", allowed: "
                    + String.join(", ", names()) + NearestName.hint(name.asText(), names()));
        }
        return new Strategy(name.asText());
    }

    static Set<String> names() {
        return ComponentRegistry.at(Slot.STRATEGY).components().keySet();
    }

    /** All strategies, in the order of {@code coterie list}. */
    public static List<Strategy> all() {
        return names().stream().map(Strategy::new).toList();
    }

    RegisteredComponent component() {
        return ComponentRegistry.at(Slot.STRATEGY).components().get(label);
    }

    /**
     * The strategy with the settings of a block, where they fit it, otherwise with defaults: for its facts.
     *
     * @param block {@code collaboration} with every setting, perhaps another strategy's
     */
    CollaborationStrategy facts(ObjectNode block) {
        RegisteredComponent component = component();
        try {
            return (CollaborationStrategy) ComponentReader.read(component, component.withOwnDefaults(block));
        } catch (InputException e) {
            ObjectNode defaults = Trees.block(Defaults.root(), Slot.STRATEGY.path());
            return (CollaborationStrategy) ComponentReader.read(component, component.withOwnDefaults(defaults));
        }
    }

    /** Whether users mix by trust; otherwise the strategy is a protocol of its own. */
    public boolean trusts() {
        return TrustStrategy.class.isAssignableFrom(component().type());
    }

    /** What it is, in one line. */
    public String about() {
        return component().about();
    }
}
