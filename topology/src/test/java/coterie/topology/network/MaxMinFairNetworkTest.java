package coterie.topology.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Population;
import coterie.topology.time.Ticks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaxMinFairNetworkTest {
    /** Links with constant bandwidth in bytes per second. */
    private static Bandwidth.Lines lines(double[] up, double[] down) {
        return new Bandwidth.Lines() {
            @Override
            public double up(int user, long tick) {
                return up[user];
            }

            @Override
            public double down(int user, long tick) {
                return down[user];
            }

            @Override
            public double mostUp(int user) {
                return up[user];
            }

            @Override
            public double mostDown(int user) {
                return down[user];
            }
        };
    }

    private static Map<Integer, Double> run(MaxMinFairNetwork<Integer> n) {
        Map<Integer, Double> ended = new HashMap<>();
        n.advance(Ticks.at(1e6), (message, tick) -> ended.put(message, Ticks.seconds(tick)));
        return ended;
    }

    @Test
    void theWorkedExample() {
        MaxMinFairNetwork<Integer> n =
                new MaxMinFairNetwork<>(lines(new double[] {1, 10, 1}, new double[] {9, 9, 6}), 3);
        n.send(0, 0, 2, 10, 0);
        n.send(0, 1, 2, 56, 1);
        Map<Integer, Double> ended = run(n);
        assertThat(ended.get(0)).isCloseTo(10, within(1e-6));
        assertThat(ended.get(1)).as("50 bytes at 5 per second, then 6 at 6").isCloseTo(11, within(1e-6));
    }

    @Test
    void aTransferTakesItsShareFromItsBeginning() {
        MaxMinFairNetwork<Integer> n =
                new MaxMinFairNetwork<>(lines(new double[] {10, 10, 1}, new double[] {10, 10, 10}), 3);
        n.send(0, 0, 2, 100, 0);
        n.send(Ticks.at(5), 1, 2, 100, 1);
        Map<Integer, Double> ended = run(n);
        assertThat(ended.get(0)).as("50 alone, 50 at half speed").isCloseTo(15, within(1e-6));
        assertThat(ended.get(1)).isCloseTo(20, within(1e-6));
    }

    @Test
    void aTransferWaitsWhileBandwidthIsZero(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "trace,time_s,mbps\na,0,8\na,10,0\na,20,16\n");
        Bandwidth.Lines l = new Bandwidth.Trace(file.toString(), 1).of(new Population(1, 2));
        double dead = 0;
        while (l.down(0, Ticks.at(dead)) != 0 || l.down(0, Ticks.at(dead + 0.001)) != 0) {
            dead++;
        }
        MaxMinFairNetwork<Integer> n = new MaxMinFairNetwork<>(l, 2);
        n.send(Ticks.at(dead), 0, 1, 1000, 0);
        assertThat(run(n)).containsKey(0);
        assertThat(l.mostDown(0)).isEqualTo(2e6);
    }

    /** Ends of transfers match a naive simulation in small steps. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
                29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,
                55, 56, 57, 58, 59, 60
            })
    void transfersEndWhenANaiveSimulationSays(long seed) {
        RandomStream s = RandomStream.of(seed, Purpose.BANDWIDTH);
        int users = 2 + s.below(seed > 30 ? 20 : 6);
        double[] up = new double[users];
        double[] down = new double[users];
        for (int u = 0; u < users; u++) {
            up[u] = 1 + s.below(5);
            down[u] = 1 + s.below(9);
        }
        MaxMinFairNetwork<Integer> n = new MaxMinFairNetwork<>(lines(up, down), users);
        int flows = 3 + s.below(seed > 30 ? 60 : 25);
        double[][] all = new double[flows][];
        for (int f = 0; f < flows; f++) {
            int from = s.below(users);
            int to = (from + 1 + s.below(users - 1)) % users;
            all[f] = new double[] {s.below(20), from, to, 1 + s.below(40)};
            n.send(Ticks.at(all[f][0]), from, to, (long) all[f][3], f);
        }
        Map<Integer, Double> ended = new HashMap<>();
        while (n.next() != Ticks.NEVER) {
            long next = n.next();
            n.advance(next + 1, (message, tick) -> {
                assertThat(tick).as("seed %d", seed).isEqualTo(next);
                ended.put(message, Ticks.seconds(tick));
            });
        }
        double[] expected = naive(users, up, down, all);
        for (int f = 0; f < flows; f++) {
            assertThat(ended.get(f)).as("flow %d of seed %d", f, seed).isCloseTo(expected[f], within(2e-3));
        }
    }

    /** A naive simulation by the definition: all rates rise together until a link is saturated. */
    private static double[] naive(int users, double[] up, double[] down, double[][] flows) {
        double[] end = new double[flows.length];
        double[] left = new double[flows.length];
        for (int f = 0; f < flows.length; f++) {
            left[f] = flows[f][3];
            end[f] = Double.NaN;
        }
        double t = 0;
        int open = flows.length;
        while (open > 0) {
            double[] rate = rates(users, up, down, flows, left, t);
            double step = Double.POSITIVE_INFINITY;
            for (int f = 0; f < flows.length; f++) {
                if (flows[f][0] > t) {
                    step = Math.min(step, flows[f][0] - t);
                } else if (left[f] > 0) {
                    step = Math.min(step, left[f] / rate[f]);
                }
            }
            t += step;
            for (int f = 0; f < flows.length; f++) {
                if (rate[f] > 0) {
                    left[f] -= rate[f] * step;
                    if (left[f] < 1e-9) {
                        left[f] = 0;
                        end[f] = t;
                        open--;
                    }
                }
            }
        }
        return end;
    }

    private static double[] rates(int users, double[] up, double[] down, double[][] flows, double[] left, double t) {
        double[] rate = new double[flows.length];
        boolean[] frozen = new boolean[flows.length];
        for (int f = 0; f < flows.length; f++) {
            frozen[f] = flows[f][0] > t || left[f] <= 0;
        }
        while (true) {
            double raise = Double.POSITIVE_INFINITY;
            for (int l = 0; l < 2 * users; l++) {
                double free = l < users ? up[l] : down[l - users];
                int n = 0;
                for (int f = 0; f < flows.length; f++) {
                    if (flows[f][1] == l || flows[f][2] + users == l) {
                        free -= rate[f];
                        n += frozen[f] ? 0 : 1;
                    }
                }
                raise = n > 0 ? Math.min(raise, free / n) : raise;
            }
            if (Double.isInfinite(raise)) {
                return rate;
            }
            for (int f = 0; f < flows.length; f++) {
                rate[f] += frozen[f] ? 0 : raise;
            }
            for (int f = 0; f < flows.length; f++) {
                if (!frozen[f]) {
                    double upLeft = up[(int) flows[f][1]];
                    double downLeft = down[(int) flows[f][2]];
                    for (int g = 0; g < flows.length; g++) {
                        upLeft -= flows[g][1] == flows[f][1] ? rate[g] : 0;
                        downLeft -= flows[g][2] == flows[f][2] ? rate[g] : 0;
                    }
                    frozen[f] = upLeft < 1e-9 || downLeft < 1e-9;
                }
            }
        }
    }
}
