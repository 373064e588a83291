package coterie.scenarios.config;

import coterie.model.aggregation.Aggregator;
import coterie.model.aggregation.PreAggregator;
import coterie.model.attack.Attack;
import coterie.model.task.DataSource;
import coterie.model.text.SharedText;
import coterie.model.trust.CollaborationStrategy;
import coterie.model.trust.Refresh;
import coterie.model.trust.StalenessDiscount;
import coterie.topology.availability.Participation;
import coterie.topology.device.ComputeTime;
import coterie.topology.graph.TopologyModel;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import java.util.Arrays;

/**
 * A block of a scenario in which one of several components is selected by name. The settings of the component are in
 * the same block.
 */
enum Slot {
    STRATEGY("strategies", "collaboration", "strategy", "method", CollaborationStrategy.class),
    TOPOLOGY("topologies", "topology", "kind", null, TopologyModel.class),
    COMPUTE("compute", "time.compute", "model", null, ComputeTime.class),
    LATENCY("latency", "time.latency", "model", null, Latency.class),
    BANDWIDTH("bandwidth", "time.bandwidth", "model", null, Bandwidth.class),
    PARTICIPATION("participation", "participation", "model", "model", Participation.class),
    STALENESS("staleness", "collaboration.staleness", "discount", "discount", StalenessDiscount.class),
    REFRESH("refresh", "collaboration.trust", "refresh", "refresh", Refresh.class),
    AGGREGATION("aggregation", "collaboration.aggregation", "rule", "rule", Aggregator.class),
    PRE_AGGREGATION("pre-aggregation", "collaboration.aggregation.before", "step", null, PreAggregator.class),
    SOURCE("sources", "data", "source", "source", DataSource.class),
    ATTACK("attacks", "adversaries.attack", "kind", null, Attack.class),
    SHARED("shared sets", "data.shared", "source", "source", SharedText.class),
    LEARNER("learners", "model", "learner", "learner", LearnerType.class);

    private final String section;
    private final String path;
    private final String key;
    private final String holder;
    private final Class<?> type;

    /**
     * @param section section in {@code coterie list}
     * @param path key path of the block
     * @param key key in the block that names the component
     * @param holder component of the block's record that holds the component if the block has other settings; null if
     *     the block is the component
     * @param type interface that the component's record implements
     */
    Slot(String section, String path, String key, String holder, Class<?> type) {
        this.section = section;
        this.path = path;
        this.key = key;
        this.holder = holder;
        this.type = type;
    }

    /** Whether the block stands in each entry of a list, so that the defaults have none. */
    boolean listed() {
        return this == ATTACK;
    }

    /** Returns the slot that components of a type fit, or null if there is none. */
    static Slot of(Class<?> type) {
        return Arrays.stream(values())
                .filter(s -> s.type.isAssignableFrom(type))
                .findFirst()
                .orElse(null);
    }

    String section() {
        return section;
    }

    String path() {
        return path;
    }

    String key() {
        return key;
    }

    String holder() {
        return holder;
    }

    Class<?> type() {
        return type;
    }
}
