package coterie.actors.clock;

import static org.assertj.core.api.Assertions.assertThat;

import coterie.actors.ArithmeticLearner;
import coterie.actors.ArithmeticLearner.Setting;
import coterie.actors.life.Mode;
import coterie.actors.life.TurnSchedule;
import coterie.actors.life.World;
import coterie.model.learn.Learner;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.trust.Snapshot;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.world.ComputeTime;
import coterie.topology.world.Latency;
import coterie.topology.world.Links;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The paper's Algorithm 1 as it stands there: rounds in which all train, then all send, then all mix. No clock, no messages, no user lives. */
class AlgorithmOneTest {
    @Test
    void aSynchronousRunWithFullParticipationIsAlgorithmOneToTheBit() {
        for (GraphModel graph : List.of(new GraphModel.Ring(), new GraphModel.Full())) {
            World world = World.builder(3, Neighbourhoods.fixed(graph.build(7, 3))).links(new Links(new Latency.Constant(0), 0))
                    .compute(new ComputeTime.LogNormal(10, 1)).mode(Mode.SYNCHRONOUS).schedule(new TurnSchedule(43, 10, 5, 0)).evaluateEvery(5).build();
            Setting setting = new Setting(world, ArithmeticLearner.rules());
            List<float[]> expected = algorithmOne(setting);
            RunResult got = RepeatabilityTest.run(setting, 2).result();
            for (int u = 0; u < 7; u++) {
                assertThat(got.users().get(u).parameters()).isEqualTo(expected.get(u));
            }
        }
    }

    private static List<float[]> algorithmOne(Setting setting) {
        World w = setting.world();
        List<Learner> learners = ArithmeticLearner.of(setting, Runnable::run);
        List<TurnPlan.Beginning> mixes = new ArrayList<>(java.util.Collections.nCopies(w.users(), TurnPlan.Own.INSTANCE));
        List<float[]> parameters = new ArrayList<>();
        int iteration = 0;
        for (int round = 0; round <= w.schedule().turns(); round++) {
            boolean last = round == w.schedule().turns();
            int n = last ? 0 : w.schedule().turn(round).iterations();
            boolean collaborates = !last && w.schedule().turn(round).collaborates();
            List<Snapshot> sent = new ArrayList<>();
            parameters.clear();
            for (int u = 0; u < w.users(); u++) {
                TurnOutcome o = learners.get(u).turn(new TurnPlan(round, mixes.get(u), false, iteration, n, false, collaborates, false)).join();
                sent.add(o.snapshot());
                parameters.add(o.parameters());
            }
            for (int u = 0; u < w.users(); u++) {
                TurnPlan.Beginning mix = TurnPlan.Own.INSTANCE;
                if (collaborates) {
                    List<Snapshot> heard = new ArrayList<>();
                    for (int v = 0; v < w.users(); v++) {
                        int other = v;
                        if (v == u || java.util.Arrays.stream(w.neighbourhoods().senders(u, 0)).anyMatch(x -> x == other)) {
                            heard.add(sent.get(v));
                        }
                    }
                    mix = new TurnPlan.Mix(round, 0, heard, new int[heard.size()]);
                }
                mixes.set(u, mix);
            }
            iteration += n;
        }
        return parameters;
    }
}
