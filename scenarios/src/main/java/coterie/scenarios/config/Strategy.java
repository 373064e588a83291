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
 * A collaboration strategy, identified by its name in scenario files.
 *
 * @param label the name
 */
public record Strategy(String label) {
    /**
     * Returns the strategy with a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Strategy of(String label) {
        return of(new TextNode(label));
    }

    /**
     * Returns the strategy that a value names.
     *
     * @throws IllegalArgumentException if there is none
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

    /** Returns all strategies in the order of {@code coterie list}. */
    public static List<Strategy> all() {
        return names().stream().map(Strategy::new).toList();
    }

    RegisteredComponent component() {
        return ComponentRegistry.at(Slot.STRATEGY).components().get(label);
    }

    /**
     * Creates the strategy to query its properties, with the settings of a block if they are valid for it, and with
     * defaults otherwise.
     *
     * @param block {@code collaboration} with every setting, possibly for another strategy
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

    /** Whether users mix by trust; otherwise the strategy is a protocol with its own mixing rule. */
    public boolean trusts() {
        return TrustStrategy.class.isAssignableFrom(component().type());
    }

    /** Returns a one-line description. */
    public String about() {
        return component().about();
    }
}
