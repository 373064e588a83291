package coterie.topology.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.topology.time.Ticks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyTest {
    @Test
    void ringUsersHaveTwoNeighbours() {
        Topology ring = new GraphModel.Ring().build(5, 1);
        assertThat(ring.outNeighbours(0)).containsExactly(1, 4);
        assertThat(ring.inNeighbours(3)).containsExactly(2, 4);
        assertThat(ring.edges()).isEqualTo(10);
    }

    @Test
    void smallRings() {
        assertThat(new GraphModel.Ring().build(1, 1).outNeighbours(0)).isEmpty();
        assertThat(new GraphModel.Ring().build(2, 1).outNeighbours(0)).containsExactly(1);
        assertThat(new GraphModel.Ring().build(3, 1).outNeighbours(0)).containsExactly(1, 2);
    }

    @Property(tries = 40)
    void theFullGraphJoinsAllPairs(@ForAll @IntRange(min = 1, max = 30) int users) {
        Topology full = new GraphModel.Full().build(users, 1);
        assertThat(full.edges()).isEqualTo((long) users * (users - 1));
        assertThat(full.connected()).isTrue();
    }

    @Property(tries = 40)
    void metropolisWeightsAreDoublyStochasticOnUndirectedGraphs(
            @ForAll @IntRange(min = 1, max = 20) int users, @ForAll @IntRange(max = 3) int kind) {
        GraphModel model = new GraphModel[] {
                    new GraphModel.Ring(), new GraphModel.Full(), new GraphModel.Line(), new GraphModel.Star()
                }
                [kind];
        double[][] w = MixingMatrix.metropolis(model.build(users, 1));
        for (int i = 0; i < users; i++) {
            double row = 0;
            double column = 0;
            for (int j = 0; j < users; j++) {
                assertThat(w[i][j]).isNotNegative();
                row += w[i][j];
                column += w[j][i];
            }
            assertThat(row).isCloseTo(1, within(1e-12));
            assertThat(column).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void metropolisWeightsMatchTheWorkedExample() {
        double[][] w = MixingMatrix.metropolis(new GraphModel.Line().build(3, 1));
        assertThat(w[0][1]).isCloseTo(1.0 / 3, within(1e-15));
        assertThat(w[0][0]).isCloseTo(2.0 / 3, within(1e-15));
        assertThat(w[1][1]).isCloseTo(1.0 / 3, within(1e-15));
        assertThat(w[0][2]).isZero();
    }

    @Test
    void spectralGapOfTheRingOfEight() {
        double gap = MixingMatrix.spectralGap(MixingMatrix.metropolis(new GraphModel.Ring().build(8, 1)));
        assertThat(gap).isCloseTo(1 - (1 + Math.sqrt(2)) / 3, within(1e-12));
    }

    @Test
    void spectralGapIsOneForUniformAveragingAndZeroForNone() {
        assertThat(MixingMatrix.spectralGap(MixingMatrix.metropolis(new GraphModel.Full().build(7, 1))))
                .isCloseTo(1, within(1e-12));
        assertThat(MixingMatrix.spectralGap(new double[][] {{1, 0}, {0, 1}})).isZero();
    }

    private static int[] degrees(Topology t) {
        return java.util.stream.IntStream.range(0, t.users())
                .map(u -> t.outNeighbours(u).length)
                .toArray();
    }

    @Test
    void generatedGraphsHaveTheirProperties() {
        assertThat(degrees(new GraphModel.Torus(0).build(12, 1))).containsOnly(4);
        assertThat(new GraphModel.Torus(3).build(12, 1).outNeighbours(0)).containsExactly(1, 3, 4, 8);
        assertThat(degrees(new GraphModel.KRegular(3).build(20, 5))).containsOnly(3);
        assertThat(degrees(new GraphModel.KRegular(4).build(5, 5))).containsOnly(4);
        assertThat(new GraphModel.Exponential().build(10, 1).outNeighbours(9)).containsExactly(0, 1, 3, 7);
        assertThat(new GraphModel.Exponential().build(10, 1).inNeighbours(9)).containsExactly(1, 5, 7, 8);
        assertThat(new GraphModel.ErdosRenyi(0.3, false).build(60, 5).edges() / (60.0 * 59))
                .isCloseTo(0.3, within(0.05));
        assertThat(new GraphModel.ErdosRenyi(0.3, true).build(60, 5).edges() / (60.0 * 59))
                .isCloseTo(0.3, within(0.05));
        assertThat(degrees(new GraphModel.SmallWorld(4, 0).build(20, 5))).containsOnly(4);
        assertThat(new GraphModel.SmallWorld(4, 0.3).build(20, 5).edges()).isEqualTo(80);
        assertThat(new GraphModel.KRegular(3).build(20, 5).outNeighbours(7))
                .isEqualTo(new GraphModel.KRegular(3).build(20, 5).outNeighbours(7));
        assertThatThrownBy(() -> new GraphModel.KRegular(3).build(5, 1))
                .hasMessageContaining("found degree 3 of 5 users");
        assertThatThrownBy(() -> new GraphModel.Torus(5).build(12, 1)).hasMessageContaining("rows must divide");
    }

    @Test
    void blocksFollowCategories() {
        int[] categories =
                java.util.stream.IntStream.range(0, 80).map(u -> u % 2).toArray();
        Topology t = new GraphModel.StochasticBlock(0.6, 0.05).build(new Members(80, 3, categories));
        long within = 0;
        for (int u = 0; u < 80; u++) {
            for (int v : t.outNeighbours(u)) {
                within += u % 2 == v % 2 ? 1 : 0;
            }
        }
        assertThat(within / (80.0 * 39)).isCloseTo(0.6, within(0.05));
        assertThat((t.edges() - within) / (80.0 * 40)).isCloseTo(0.05, within(0.02));
    }

    @Test
    void graphsAreReadFromEdgeListsAdjacencyAndGraphMl(@TempDir Path folder) throws IOException {
        Path edges = Files.writeString(folder.resolve("g.edges"), "# a triangle and a tail\n0 1\n1,2\n2 0\n2 3\n");
        Topology t = new GraphModel.FromFile(edges.toString(), false).build(4, 1);
        assertThat(t.outNeighbours(2)).containsExactly(0, 1, 3);
        assertThat(new GraphModel.FromFile(edges.toString(), true).build(4, 1).outNeighbours(2))
                .containsExactly(0, 3);
        Path adjacency = Files.writeString(folder.resolve("g.adj"), "0: 1 2\n1: 2\n3: 2\n");
        assertThat(new GraphModel.FromFile(adjacency.toString(), false)
                        .build(4, 1)
                        .outNeighbours(2))
                .containsExactly(0, 1, 3);
        Path graphMl = Files.writeString(folder.resolve("g.graphml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <graphml xmlns="http://graphml.graphdrawing.org/xmlns" \
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                  xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
                http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
                <graph id="G" edgedefault="undirected"><node id="n1"/><node id="n0"/><node id="n2"/>
                <edge source="n0" target="n2"/></graph></graphml>
                """);
        assertThat(new GraphModel.FromFile(graphMl.toString(), false)
                        .build(3, 1)
                        .outNeighbours(2))
                .containsExactly(0);
        assertThatThrownBy(() -> new GraphModel.FromFile(edges.toString(), false).build(3, 1))
                .hasMessageContaining("g.edges:5")
                .hasMessageContaining("users are 0 to 2, found \"3\"");
        Path self = Files.writeString(folder.resolve("self.edges"), "1 1\n");
        assertThatThrownBy(() -> new GraphModel.FromFile(self.toString(), false).build(3, 1))
                .hasMessageContaining("self.edges:1");
    }

    @Test
    void schedulesSwitchGraphsAndRandomPeersAreDrawnEveryTurn() {
        Neighbourhoods phases = new TopologyModel.Schedule(java.util.List.of(
                        new TopologyModel.Schedule.Phase(0, new GraphModel.Ring()),
                        new TopologyModel.Schedule.Phase(60, new GraphModel.Full())))
                .over(Members.alike(6, 1));
        assertThat(phases.receivers(0, 3, Ticks.at(59.9))).containsExactly(1, 5);
        assertThat(phases.receivers(0, 3, Ticks.at(60))).hasSize(5);
        Neighbourhoods drawn = new TopologyModel.RandomPeers(2).over(Members.alike(9, 1));
        int[] counts = new int[9];
        for (int turn = 0; turn < 400; turn++) {
            int[] to = drawn.receivers(4, turn, 0);
            assertThat(to).hasSize(2).doesNotContain(4).doesNotHaveDuplicates();
            for (int u : to) {
                counts[u]++;
                assertThat(drawn.senders(u, turn)).contains(4);
            }
        }
        for (int u = 0; u < 9; u++) {
            assertThat(counts[u]).isBetween(u == 4 ? 0 : 60, u == 4 ? 0 : 140);
        }
        assertThat(new TopologyModel.RandomPeers(20).over(Members.alike(5, 1)).receivers(2, 0, 0))
                .containsExactly(0, 1, 3, 4);
    }

    @Test
    void aDirectedCycleHasComplexEigenvaluesOfModulusOne() {
        assertThat(MixingMatrix.spectralGap(new double[][] {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}))
                .isCloseTo(0, within(1e-12));
    }
}
