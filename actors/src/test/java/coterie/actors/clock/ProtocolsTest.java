package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.actors.AddingLearner;
import coterie.actors.event.Observation;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.adpsgd.AdPsgdProtocol;
import coterie.actors.protocol.fedbuff.FedBuffProtocol;
import coterie.actors.protocol.gossip.GossipProtocol;
import coterie.actors.protocol.swift.SwiftProtocol;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.TurnSchedule;
import coterie.actors.user.SimulationConfig;
import coterie.model.learn.Learner;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Latency;
import coterie.topology.network.Links;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Published protocols, step by step. Three turns each; one user needs 10 seconds for a turn and the next 16, links take
 * no time: turns end at 10, 20, 30 and at 16, 32, 48. Expected values are computed by hand from each paper's update
 * rule.
 */
class ProtocolsTest {
    private final List<Observation> seen = new ArrayList<>();

    private List<Float> run(GraphModel graph, Protocol protocol, int first, float[] starts, float[] steps) {
        SimulationConfig config = SimulationConfig.builder(1, Neighbourhoods.fixed(graph.build(starts.length, 1)))
                .links(new Links(new Latency.Constant(0), 0))
                .pace((user, turn) -> user == first ? 10 : 16)
                .protocol(protocol)
                .schedule(new TurnSchedule(3, 0, 1, 0))
                .build();
        List<Learner> learners = new ArrayList<>();
        for (int u = 0; u < starts.length; u++) {
            learners.add(new AddingLearner(u, starts[u], steps[u]));
        }
        try (Simulation s = Runs.start(config, learners, seen::add)) {
            return s.await().users().stream().map(e -> e.parameters()[0]).toList();
        }
    }

    @Test
    void adPsgdAveragesInPairsAndAppliesUpdatesToWhatThatLeaves() {
        // At 10, user 0 asks: (0 + 100) / 2 = 50 for both, user 0 has 51 after its update. At 16, user 1's update of
        // 10, computed on 100, makes 60.
        // At 20: (51 + 60) / 2 = 55.5, user 0 56.5. At 30: (56.5 + 55.5) / 2 = 56, user 0 57. At 32: 56 + 10, at 48: 66
        // + 10.
        assertThat(run(new GraphModel.Line(), new AdPsgdProtocol(), 0, new float[] {0, 100}, new float[] {1, 10}))
                .containsExactly(57f, 76f);
        assertThat(seen).filteredOn(o -> o instanceof Observation.Mixed).hasSize(6);
    }

    @Test
    void gossipMergesByAgeInTheOrderOfArrival() {
        // At 16, user 1 merges 110 (age 1) with 1 (age 1): 55.5. At 20, user 0 merges 2 (age 2) with 110 (age 1): 38;
        // at 30 it ends with 39.
        // At 32, user 1 merges 65.5 (age 2) with 2 (age 2): 33.75, then with 39 (age 3): 36.9; at 48 it ends with 46.9.
        List<Float> end =
                run(new GraphModel.Line(), new GossipProtocol(), 0, new float[] {0, 100}, new float[] {1, 10});
        assertThat(end.get(0)).isCloseTo(39, within(1e-4f));
        assertThat(end.get(1)).isCloseTo(46.9f, within(1e-4f));
    }

    @Test
    void swiftMixesTheNewestItHasAndAddsItsUpdateWhole() {
        // At 16: 50 + 0.5 + 10 = 60.5. At 20: 0.5 + 30.25 + 1 = 31.75. At 30, with the same 60.5 again: 47.125. At 32:
        // 63.8125. At 48: 65.46875.
        assertThat(run(new GraphModel.Line(), new SwiftProtocol(1), 0, new float[] {0, 100}, new float[] {1, 10}))
                .containsExactly(47.125f, 65.46875f);
    }

    @Test
    void fedBuffGathersUpdatesDiscountsTheStaleAndDividesByItsSize() {
        // At 16 the first two updates make (2 + 3) / 2 = 2.5. At 20 comes 2 from version 0, at 30 2 from version 1: 2.5
        // + (2/sqrt(2) + 2) / 2.
        // At 32 comes 3 from version 1, at 48 3 from version 2.
        float second = (float) (2.5 + (2 / Math.sqrt(2) + 2) / 2);
        float third = (float) (second + (3 / Math.sqrt(2) + 3) / 2);
        List<Float> end =
                run(new GraphModel.Star(), new FedBuffProtocol(2, 1), 1, new float[] {0, 0, 0}, new float[] {0, 2, 3});
        assertThat(end.get(0)).isCloseTo(third, within(1e-5f));
        assertThat(end.get(1)).isCloseTo(second, within(1e-5f));
        assertThat(end.get(2)).isCloseTo(third, within(1e-5f));
    }

    @Test
    void whatCannotBeFollowedIsRefused() {
        Neighbourhoods odd = Neighbourhoods.fixed(new GraphModel.Ring().build(5, 1));
        assertThatThrownBy(() -> SimulationConfig.builder(1, odd)
                        .protocol(new AdPsgdProtocol())
                        .build())
                .hasMessageContaining("bipartite");
        assertThatThrownBy(() -> SimulationConfig.builder(1, odd)
                        .protocol(new FedBuffProtocol(2, 1))
                        .build())
                .hasMessageContaining("star");
        assertThatThrownBy(() -> SimulationConfig.builder(1, odd)
                        .protocol(new SwiftProtocol(1))
                        .mode(Mode.SYNCHRONOUS)
                        .build())
                .hasMessageContaining("only trust strategies can be synchronous");
    }
}
