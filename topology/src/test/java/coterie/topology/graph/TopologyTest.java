package coterie.topology.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TopologyTest {
    @Test
    void onARingEverybodyHasTheTwoBesideHim() {
        Topology ring = new GraphModel.Ring().build(5, 1);
        assertThat(ring.outNeighbours(0)).containsExactly(1, 4);
        assertThat(ring.inNeighbours(3)).containsExactly(2, 4);
        assertThat(ring.edges()).isEqualTo(10);
    }

    @Test
    void smallRingsAreWhatIsLeftOfARing() {
        assertThat(new GraphModel.Ring().build(1, 1).outNeighbours(0)).isEmpty();
        assertThat(new GraphModel.Ring().build(2, 1).outNeighbours(0)).containsExactly(1);
        assertThat(new GraphModel.Ring().build(3, 1).outNeighbours(0)).containsExactly(1, 2);
    }

    @Property(tries = 40)
    void inTheFullGraphEverybodyHearsEverybodyElse(@ForAll @IntRange(min = 1, max = 30) int users) {
        Topology full = new GraphModel.Full().build(users, 1);
        assertThat(full.edges()).isEqualTo((long) users * (users - 1));
        assertThat(full.connected()).isTrue();
    }

    @Property(tries = 40)
    void metropolisWeightsAreDoublyStochasticOnUndirectedGraphs(@ForAll @IntRange(min = 1, max = 20) int users, @ForAll @IntRange(max = 3) int kind) {
        GraphModel model = new GraphModel[] {new GraphModel.Ring(), new GraphModel.Full(), new GraphModel.Line(), new GraphModel.Star()}[kind];
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
    void metropolisOnALineIsTheWorkedExample() {
        double[][] w = MixingMatrix.metropolis(new GraphModel.Line().build(3, 1));
        assertThat(w[0][1]).isCloseTo(1.0 / 3, within(1e-15));
        assertThat(w[0][0]).isCloseTo(2.0 / 3, within(1e-15));
        assertThat(w[1][1]).isCloseTo(1.0 / 3, within(1e-15));
        assertThat(w[0][2]).isZero();
    }

    @Test
    void theRingOfEightHasItsKnownSpectralGap() {
        double gap = MixingMatrix.spectralGap(MixingMatrix.metropolis(new GraphModel.Ring().build(8, 1)));
        assertThat(gap).isCloseTo(1 - (1 + Math.sqrt(2)) / 3, within(1e-12));
    }

    @Test
    void uniformAveragingOverAllHasGapOneAndNoAveragingHasNone() {
        assertThat(MixingMatrix.spectralGap(MixingMatrix.metropolis(new GraphModel.Full().build(7, 1)))).isCloseTo(1, within(1e-12));
        assertThat(MixingMatrix.spectralGap(new double[][] {{1, 0}, {0, 1}})).isZero();
    }

    @Test
    void aDirectedCycleHasComplexEigenvaluesOfModulusOne() {
        assertThat(MixingMatrix.spectralGap(new double[][] {{0, 1, 0}, {0, 0, 1}, {1, 0, 0}})).isCloseTo(0, within(1e-12));
    }
}
