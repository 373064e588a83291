package coterie.scenarios.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.actors.message.SentTotals;
import coterie.model.task.Task;
import coterie.model.trust.TrustRow;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.results.Recorder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of a page's data, without a page. */
class ReportPartsTest {
    private final ObjectNode out = new ObjectMapper().createObjectNode();

    static Observation.TurnEnded turn(int user, double from, double to) {
        return new Observation.TurnEnded(to, user, 0, from, 1, 1, 1, true, true, new SentTotals(1, 0, 100, 10), 0);
    }

    private static Observation.Mixed mixed(int user, double seconds, int turn, int[] users, double... weights) {
        int n = users.length;
        return new Observation.Mixed(
                seconds,
                user,
                turn,
                new TrustRow(users, weights, new int[n], new int[n], turn, 0, 2),
                new int[n],
                new double[n],
                new double[n]);
    }

    @Test
    void samplesAreEvenlySpreadHoweverManyCome() {
        for (int n : new int[] {1, 9, 10, 11, 1000, 12_345}) {
            Thinned<Integer> t = new Thinned<>(10);
            for (int k = 0; k < n; k++) {
                int sample = k;
                t.add(() -> sample);
            }
            List<Integer> kept = t.kept();
            assertThat(kept).as("of %d", n).hasSizeBetween(Math.min(n, 5), 10).startsWith(0);
            for (int k = 2; k < kept.size(); k++) {
                assertThat(kept.get(k) - kept.get(k - 1)).isEqualTo(kept.get(1) - kept.get(0));
            }
            assertThat(n - 1 - kept.get(kept.size() - 1)).isLessThan(kept.size() > 1 ? kept.get(1) : 1);
        }
    }

    @Test
    void numbersHaveFiveDigits() {
        assertThat(Json.rounded(123.456789)).isEqualTo(123.46);
        assertThat(Json.rounded(-0.000123456)).isCloseTo(-0.00012346, within(1e-12));
        assertThat(Json.rounded(0)).isZero();
    }

    @Test
    void changeOfTrustCountsCandidatesThatComeAndGo() {
        TrustRow a = mixed(0, 0, 0, new int[] {0, 1}, 0.5, 0.5).row();
        TrustRow b = mixed(0, 0, 0, new int[] {0, 2}, 0.7, 0.3).row();
        assertThat(b.change(a)).isCloseTo(0.2 + 0.5 + 0.3, within(1e-12));
        assertThat(a.change(a)).isZero();
        MixingSteps steps = new MixingSteps();
        steps.mixed(mixed(0, 3, 1, new int[] {0, 2}, 0.7, 0.3), a, 0.5);
        steps.mixed(mixed(1, 5, 1, new int[] {1}, 1), null, Double.NaN);
        steps.json(out);
        assertThat(out.at("/change/0").asDouble()).isCloseTo(1.0, within(1e-4));
        assertThat(out.at("/at/0").asDouble()).isEqualTo(4);
        assertThat(out.at("/distance/0").asDouble()).isEqualTo(2);
        assertThat(out.at("/oracle/0").asDouble()).isEqualTo(0.5);
    }

    private static double entry(JsonNode packed, int size, int row, int column) throws java.io.IOException {
        return (ByteBuffer.wrap(Base64.getDecoder().decode(packed.asText()))
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getShort(2 * (row * size + column))
                        & 0xffff)
                / 65535.0;
    }

    @Test
    void usersAreOrderedByCategoryAndTheirLastRowsCount() throws Exception {
        // Users 0 and 2 are of one kind: rows and columns are 0, 2, 1.
        Bins bins = new Bins(new int[] {0, 1, 0});
        TrustFrames trust = new TrustFrames(bins);
        trust.mixed(mixed(0, 1, 0, new int[] {0, 1, 2}, 0.2, 0.3, 0.5));
        trust.mixed(mixed(1, 2, 0, new int[] {0, 1}, 0.4, 0.6));
        trust.mixed(mixed(0, 3, 1, new int[] {0, 2}, 0.25, 0.75));
        trust.json(out, UserMixtures.constant(new double[][] {{1, 0}, {0, 1}, {1, 0}}));
        JsonNode last = out.at("/weights/" + (out.at("/weights").size() - 1));
        assertThat(entry(last, 3, 0, 0)).isCloseTo(0.25, within(1e-4));
        assertThat(entry(last, 3, 0, 1)).isCloseTo(0.75, within(1e-4));
        assertThat(entry(last, 3, 0, 2)).isZero();
        assertThat(entry(last, 3, 2, 0)).isCloseTo(0.4, within(1e-4));
        assertThat(entry(out.at("/oracle"), 3, 0, 1))
                .as("over its last candidates")
                .isCloseTo(0.5, within(1e-4));
        assertThat(entry(out.at("/oracle"), 3, 2, 2)).isCloseTo(1, within(1e-4));
    }

    @Test
    void classesOfAgesHaveRoundEdges() {
        AgeHistogram ages = new AgeHistogram();
        double[] old = {0, 0.01, 20, 21, 30, 30.5, 1e30};
        int[] users = {1, 2, 3, 4, 5, 6, 7};
        ages.mixed(new Observation.Mixed(
                0,
                0,
                0,
                new TrustRow(users, new double[7], new int[7], new int[7], 0, 0, 1),
                new int[7],
                old,
                new double[7]));
        ages.json(out);
        Map<Double, Integer> counts = new HashMap<>();
        for (int k = 0; k < out.at("/seconds/up_to").size(); k++) {
            if (out.at("/seconds/count/" + k).asInt() > 0) {
                counts.put(
                        out.at("/seconds/up_to/" + k).asDouble(),
                        out.at("/seconds/count/" + k).asInt());
            }
        }
        double most = out.at("/seconds/up_to/79").asDouble();
        assertThat(counts).isEqualTo(Map.of(0.01, 2, 20.0, 1, 30.0, 2, 50.0, 1, most, 1));
        assertThat(out.at("/versions/0").asInt()).isEqualTo(7);
    }

    @Test
    void longRunsBecomeSharesOfTime() {
        Activity activity = new Activity(new Bins(new int[] {0, 0}));
        double end = 0;
        for (int k = 0; k < 4000; k++) {
            // Half of the time at work, each turn beside a pause; user 1 is down throughout.
            activity.observed(turn(0, 10.0 * k, 10.0 * k + 5));
            activity.observed(new Observation.Crashed(10.0 * k, 1, 0, 0, Double.POSITIVE_INFINITY));
            end = 10.0 * k + 10;
            activity.observed(new Observation.Restarted(end, 1, 0, 0));
        }
        activity.json(out);
        int steps = out.at("/shares/steps").asInt();
        assertThat(out.at("/shares/step").asDouble() * steps).isBetween(end, end * 1.1);
        assertThat(out.at("/shares/training/" + steps / 2).asInt()).isCloseTo(50, within(3));
        assertThat(out.at("/shares/down/" + (steps + steps / 2)).asInt()).isCloseTo(100, within(3));
        assertThat(out.has("intervals")).isFalse();
    }

    @Test
    void absencesEndWhenSomethingElseBegins() {
        Activity activity = new Activity(new Bins(new int[] {0}));
        activity.observed(new Observation.Slept(5, 0, 0, 100));
        activity.observed(turn(0, 20, 30));
        activity.observed(new Observation.Slept(40, 0, 0, Double.POSITIVE_INFINITY));
        activity.observed(new Observation.Received(
                60, 0, 0, 1, false, coterie.actors.message.Payload.Kind.SNAPSHOT, 0, 59, false));
        activity.json(out);
        assertThat(out.at("/intervals").toString()).isEqualTo("[[0,1,5,20,-1,0],[0,0,20,30,0,2],[0,1,40,60,-1,0]]");
        assertThat(out.at("/messages_in_all").asInt()).isEqualTo(1);
    }

    @Test
    void absencesAreGapsInATurn() {
        Activity activity = new Activity(new Bins(new int[] {0}));
        activity.observed(new Observation.Absent(0, 0, 0, 10, false));
        activity.observed(new Observation.Slept(0, 0, 0, 10));
        activity.observed(new Observation.Absent(20, 0, 0, 30, false));
        activity.observed(new Observation.Absent(38, 0, 1, 50, false));
        activity.observed(turn(0, 10, 40));
        activity.observed(new Observation.Evaluated(45, 0, 2, 1, Task.LANGUAGE_MODELLING.values(1)));
        activity.json(out);
        assertThat(out.at("/intervals").toString())
                .isEqualTo("[[0,1,0,10,-1,0],[0,1,20,30,-1,0],[0,0,10,20,0,2],[0,1,38,40,-1,0],[0,0,30,38,0,2],"
                        + "[0,1,40,45,-1,0]]");
    }

    @Test
    void whoTrainsWhileAbsentHasNoGap() {
        Activity activity = new Activity(new Bins(new int[] {0}));
        activity.observed(new Observation.Absent(20, 0, 0, 30, true));
        activity.observed(turn(0, 10, 40));
        activity.json(out);
        assertThat(out.at("/intervals").toString()).isEqualTo("[[0,1,20,30,-1,3],[0,0,10,40,0,2]]");
    }

    @Test
    void severalSeedsHaveAMeanAndItsInterval() {
        MetricCurves.Curve a = new MetricCurves.Curve(new double[] {0, 10}, new double[] {8, 4}, null, null);
        MetricCurves.Curve b = new MetricCurves.Curve(new double[] {5, 20}, new double[] {6, 2}, null, null);
        MetricCurves.Curve m = MetricCurves.Curve.merged(List.of(a, b));
        assertThat(m.at()).as("from when both have begun").containsExactly(5, 10, 20);
        assertThat(m.mean()).containsExactly(7, 5, 3);
        // Two values that differ by 2: t is 12.706 with one degree of freedom, s / √2 is 1.
        assertThat(m.low()).containsExactly(new double[] {7 - 12.706, 5 - 12.706, 3 - 12.706}, within(1e-3));
        assertThat(m.high()).containsExactly(new double[] {7 + 12.706, 5 + 12.706, 3 + 12.706}, within(1e-3));
    }

    @Test
    void theMeanOfHonestUsersLeavesAttackersOut() {
        BitSet attackers = new BitSet();
        attackers.set(1);
        MetricCurves curves = new MetricCurves(Task.LANGUAGE_MODELLING, Task.PERPLEXITY, 2, attackers);
        curves.evaluated(new Observation.Evaluated(0, 0, 0, 0, Task.LANGUAGE_MODELLING.values(Math.log(10))));
        curves.evaluated(new Observation.Evaluated(0, 1, 0, 0, Task.LANGUAGE_MODELLING.values(Math.log(30))));
        curves.evaluated(new Observation.Evaluated(5, 0, 5, 1, Task.LANGUAGE_MODELLING.values(Math.log(8))));
        curves.json(out);
        assertThat(out.at("/by_time/mean").toString()).isEqualTo("[20,19]");
        assertThat(out.at("/by_time/honest").toString()).isEqualTo("[10,8]");
        assertThat(out.at("/by_iteration/honest").toString()).isEqualTo("[10,8]");
    }

    @Test
    void curvesOfStudiesAreOfHonestUsersIfTheMeasureIs(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("summary.json"), "{\"users\": 2}");
        Files.writeString(folder.resolve("users.json"), """
                {"categories": ["oak"], "edges": null, "users": [{"mixture": [1]}, {"mixture": [1], "attacks":
                  [{"entry": 0, "attack": "alie", "from_seconds": 0, "until_seconds": null}]}]}
                """);
        Task task = Task.LANGUAGE_MODELLING;
        try (Recorder recorder = new Recorder(folder, task, (user, phase) -> "", false, false, null, 0)) {
            recorder.observed(new Observation.Evaluated(0, 0, 0, 0, task.values(Math.log(10))));
            recorder.observed(new Observation.Evaluated(0, 1, 0, 0, task.values(Math.log(30))));
        }
        assertThat(MetricCurves.of(folder, false).mean(false).mean()).containsExactly(new double[] {20}, within(1e-9));
        assertThat(MetricCurves.of(folder, true).mean(false).mean()).containsExactly(new double[] {10}, within(1e-9));
    }

    @Test
    void aRunThatEndedAtItsTargetHasNoValueAfterwards() {
        MetricCurves.Curve a = new MetricCurves.Curve(new double[] {0, 10}, new double[] {8, 4}, null, null, true);
        MetricCurves.Curve b =
                new MetricCurves.Curve(new double[] {0, 5, 20}, new double[] {8, 6, 2}, null, null, false);
        MetricCurves.Curve m = MetricCurves.Curve.merged(List.of(a, b));
        assertThat(m.at()).containsExactly(0, 5, 10);
        assertThat(m.mean()).containsExactly(8, 7, 5);
    }

    @Test
    void theMeanWaitsForEverybody() {
        MetricCurves curves = new MetricCurves(Task.LANGUAGE_MODELLING, Task.PERPLEXITY, 2, new BitSet());
        curves.evaluated(new Observation.Evaluated(0, 0, 0, 0, Task.LANGUAGE_MODELLING.values(Math.log(10))));
        curves.evaluated(new Observation.Evaluated(1, 1, 0, 0, Task.LANGUAGE_MODELLING.values(Math.log(20))));
        curves.evaluated(new Observation.Evaluated(2, 0, 5, 1, Task.LANGUAGE_MODELLING.values(Math.log(4))));
        curves.evaluated(new Observation.Evaluated(3, 0, 10, 2, Task.LANGUAGE_MODELLING.values(Double.NaN)));
        curves.evaluated(new Observation.Evaluated(2.5, 1, 0, 0, Task.LANGUAGE_MODELLING.values(Math.log(20))));
        curves.json(out);
        assertThat(out.at("/by_time/at").toString()).isEqualTo("[1,2,2.5]");
        assertThat(out.at("/by_time/mean").toString()).isEqualTo("[15,12,12]");
        assertThat(out.at("/by_iteration/mean").toString())
                .as("who does it again after a crash counts once")
                .isEqualTo("[15,4]");
        assertThat(out.at("/users/0/p").toString()).isEqualTo("[10,4]");
    }
}
