package coterie.actors.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coterie.actors.AddingLearner;
import coterie.actors.event.Dated;
import coterie.actors.event.Observation;
import coterie.actors.message.Message;
import coterie.actors.message.Payload;
import coterie.actors.protocol.adpsgd.AdPsgdProtocol;
import coterie.actors.protocol.gossip.GossipProtocol;
import coterie.actors.protocol.trust.TrustProtocol;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.TurnSchedule;
import coterie.model.attack.AgeForgery;
import coterie.model.attack.Attack;
import coterie.model.attack.Attacks;
import coterie.model.attack.Dissensus;
import coterie.model.attack.Flooding;
import coterie.model.attack.FreeRider;
import coterie.model.attack.Knowledge;
import coterie.model.attack.Mimic;
import coterie.model.attack.SignFlip;
import coterie.model.attack.StaleReplay;
import coterie.model.attack.Timing;
import coterie.model.exchange.Exchange;
import coterie.model.exchange.Snapshot;
import coterie.model.learn.Learner;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.topology.adversary.Adversaries;
import coterie.topology.adversary.Adversary;
import coterie.topology.graph.GraphModel;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.group.Membership;
import coterie.topology.time.Ticks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * User 0 attacks from 15 s until 35 s: in its turns 2 and 3, which begin at 20 s and 30 s. It begins with 5, adds 1 in
 * each turn, and sends what it has to users 1 and 2. User 3 is an attacker, too.
 */
class AttackedTurnsTest {
    private final List<Observation.Attacked> seen = new ArrayList<>();
    /** When messages to user 1 were sent, in seconds. */
    private final List<Double> toUser1 = new ArrayList<>();

    private UserProcess user;

    private static Attacks attacks(Attack attack, Knowledge knows) {
        Adversaries who =
                Adversaries.of(1, 4, -1, List.of(new Adversary(new Membership(null, null, List.of(0, 3)), 15, 35)));
        return new Attacks(who, List.of(new Attacks.Entry("the-attack", attack, knows)));
    }

    private static SimulationConfigBuilder config(Attack attack, Knowledge knows) {
        return SimulationConfig.builder(1, Neighbourhoods.fixed(new GraphModel.Full().build(4, 1)))
                .pace((u, turn) -> 10)
                .attacks(attacks(attack, knows))
                .schedule(new TurnSchedule(5, 0, 1, 0));
    }

    /** What is sent, and what to user 2 if that differs, by instant: {@code version:value}. */
    private List<String> sent(Attack attack, Knowledge knows, Message... received) {
        user = new UserProcess(0, config(attack, knows).build(), new AddingLearner(0, 5, 1));
        user.begin();
        user.receive(List.of(received));
        Map<Long, String> sent = new TreeMap<>();
        while (!user.done()) {
            assertThat(user.advance(user.next() + 1)).isTrue();
            for (Message m : user.takeSent()) {
                if (m.to() == 1) {
                    toUser1.add(Ticks.seconds(m.payload().sent()));
                }
                String text = m.turn() + ":" + m.snapshot().values()[0];
                assertThat(m.snapshot().turn()).isEqualTo(m.turn());
                String other = sent.putIfAbsent(m.payload().sent(), text);
                if (m.to() == 2 && other != null && !text.equals(other)) {
                    sent.put(m.payload().sent(), other + "/" + text);
                }
            }
            for (Dated d : user.takeObserved()) {
                if (d.observation() instanceof Observation.Attacked a) {
                    seen.add(a);
                }
            }
        }
        return List.copyOf(sent.values());
    }

    private static Message from(int from, double seconds, float value) {
        long tick = Ticks.at(seconds);
        Snapshot s = new Snapshot(from, 0, 1, new float[] {value}, null);
        return new Message(new Payload(Payload.Kind.SNAPSHOT, tick - 1, 0, from, 0, s, 4), 0, 0, tick);
    }

    @Test
    void anAttackHoldsForTurnsThatBeginInItsTimeAndLeavesTheUserAsItIs() {
        assertThat(sent(new SignFlip(1), Knowledge.OWN)).containsExactly("0:6.0", "1:7.0", "2:2.0", "3:1.0", "4:10.0");
        assertThat(user.parameters()).containsExactly(10);
        assertThat(seen)
                .containsExactly(
                        new Observation.Attacked(20, 0, 2, 0, "the-attack", true),
                        new Observation.Attacked(40, 0, 4, 0, "the-attack", false));
    }

    @Test
    void aFreeRiderTrainsNothingMeanwhile() {
        assertThat(sent(new FreeRider(FreeRider.Sends.MIXTURE), Knowledge.OWN))
                .containsExactly("0:6.0", "1:7.0", "2:7.0", "3:7.0", "4:8.0");
    }

    /** A learner that remembers its plans. */
    private record Planned(AddingLearner learner, List<TurnPlan> plans) implements Learner {
        @Override
        public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
            plans.add(plan);
            return learner.turn(plan);
        }

        @Override
        public LearnerState state() {
            return learner.state();
        }

        @Override
        public void close() {
            learner.close();
        }
    }

    @Test
    void aFreeRiderFromTheBeginningIsEvaluatedAgainWhenItHasMixed() {
        Attack riding = new FreeRider(FreeRider.Sends.MIXTURE);
        Adversary always = new Adversary(new Membership(null, null, List.of(0)), 0, Double.POSITIVE_INFINITY);
        Adversaries who = Adversaries.of(1, 4, -1, List.of(always));
        SimulationConfig gossip = config(riding, Knowledge.OWN)
                .attacks(new Attacks(who, List.of(new Attacks.Entry("free-rider", riding, Knowledge.OWN))))
                .protocol(new GossipProtocol())
                .build();
        List<TurnPlan> plans = new ArrayList<>();
        user = new UserProcess(0, gossip, new Planned(new AddingLearner(0, 5, 1), plans));
        user.begin();
        user.receive(List.of(from(1, 15, 9)));
        while (!user.done()) {
            assertThat(user.advance(user.next() + 1)).isTrue();
        }
        assertThat(plans.stream().filter(TurnPlan::evaluateFirst).map(TurnPlan::turn))
                .as("before the first turn, and at the beginning of turn 2, which mixes what has come in turn 1")
                .containsExactly(-1, 2);
    }

    @Test
    void aReplayBeginsWithTheAttack() {
        assertThat(sent(new StaleReplay(), Knowledge.OWN))
                .containsExactly("0:6.0", "1:7.0", "2:8.0", "3:8.0", "4:10.0");
    }

    @Test
    void aForgedAgeIsThatOfMessageAndSnapshot() {
        assertThat(sent(new AgeForgery(10), Knowledge.OWN))
                .containsExactly("0:6.0", "1:7.0", "12:8.0", "13:9.0", "4:10.0");
    }

    @Test
    void anAttackerKnowsTheNewestOfHonestUsersThatHasArrived() {
        Message late = from(2, 32, 70);
        assertThat(sent(new Mimic(null), Knowledge.NEIGHBOURS, from(3, 5, 90), from(2, 25, 60), late))
                .as("user 3 is no honest user")
                .containsExactly("0:6.0", "1:7.0", "2:60.0", "3:70.0", "4:10.0");
    }

    @Test
    void dissensusSendsEachReceiverSomethingElse() {
        // Users 1 and 2 have 10 and 30. Each has one honest neighbour besides, and the attackers 0 and 3:
        // 10 − 1.5 · 20 / 2 = −5 and 30 + 15 = 45.
        assertThat(sent(new Dissensus(1.5), Knowledge.NEIGHBOURS, from(1, 5, 10), from(2, 6, 30)))
                .containsExactly("0:6.0", "1:7.0", "2:-5.0/2:45.0", "3:-5.0/3:45.0", "4:10.0");
    }

    @Test
    void floodingSendsEachSnapshotSeveralTimes() {
        assertThat(sent(new Flooding(3, new SignFlip(1)), Knowledge.OWN))
                .containsExactly("0:6.0", "1:7.0", "2:2.0", "3:1.0", "4:10.0");
        // To three neighbours, in five turns.
        assertThat(user.messages().sent().messages()).isEqualTo(3 * (1 + 1 + 3 + 3 + 1));
    }

    @Test
    void timingHoldsBackForReceiversWhoseMixingsItExpects() {
        // User 1 sends at 11 s and at 23 s, each message 2 s under way: it mixes at 35 s, 47 s, 59 s. What is published
        // at 30 s is sent at 32 s, at 40 s for 44 s; and at 50 s the attack is over.
        long second = Ticks.at(1);
        Message[] received = {turnOf(1, 0, 11 * second), turnOf(1, 1, 23 * second)};
        assertThat(sent(new Timing(1, null), Knowledge.OWN, received))
                .containsExactly("0:6.0", "1:7.0", "2:8.0", "2:8.0", "3:9.0", "3:9.0", "4:10.0");
        assertThat(toUser1).containsExactly(10.0, 20.0, 32.0, 44.0, 50.0);
    }

    @Test
    void whatIsHeldBackIsNotSentAfterSomethingNewerAlsoWhenTheAttackIsOver() {
        // User 1 sends at 5 s and at 33 s, and so mixes at 61 s: what is published at 40 s is held back until 58 s. At
        // 50 s the attack is over.
        Message[] received = {turnOf(1, 0, Ticks.at(5)), turnOf(1, 1, Ticks.at(33))};
        assertThat(sent(new Timing(1, null), Knowledge.OWN, received)).last().isEqualTo("4:10.0");
        assertThat(toUser1).containsExactly(10.0, 20.0, 30.0, 50.0);
        assertThat(user.idle()).as("nothing is held back").isTrue();
    }

    @Test
    void whatIsHeldBackIsSentAsOftenAsTheAttackSaidWhenItWasPublished() {
        // As above: what is published in the attack's last turn is sent after it.
        long second = Ticks.at(1);
        Message[] received = {turnOf(1, 0, 11 * second), turnOf(1, 1, 23 * second)};
        sent(new Timing(1, new Flooding(2, null)), Knowledge.OWN, received);
        assertThat(toUser1).containsExactly(10.0, 20.0, 32.0, 32.0, 44.0, 44.0, 50.0);
    }

    private static Message turnOf(int from, int turn, long sent) {
        Snapshot s = new Snapshot(from, turn, 1, new float[] {1}, null);
        return new Message(new Payload(Payload.Kind.SNAPSHOT, sent, 0, from, turn, s, 4), 0, turn, sent + Ticks.at(2));
    }

    @Test
    void attacksThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> config(new Mimic(null), Knowledge.OWN).build())
                .hasMessageStartingWith("adversaries.0.knows: the-attack uses snapshots of other users");
        assertThatThrownBy(() -> config(new AgeForgery(1), Knowledge.OWN)
                        .mode(Mode.SYNCHRONOUS)
                        .build())
                .hasMessageStartingWith("adversaries.0.attack.kind: the-attack needs a trust strategy");
        assertThatThrownBy(() -> config(new AgeForgery(1), Knowledge.OWN)
                        .protocol(new TrustProtocol(null, 0, Exchange.UPDATES))
                        .build())
                .hasMessageContaining("needs exchange: parameters");
        assertThatThrownBy(() -> config(new Timing(1, null), Knowledge.OWN)
                        .mode(Mode.SYNCHRONOUS)
                        .build())
                .hasMessageContaining("needs users that never wait for another");
        SimulationConfigBuilder asking = SimulationConfig.builder(
                        1, Neighbourhoods.fixed(new GraphModel.Line().build(4, 1)))
                .protocol(new AdPsgdProtocol())
                .attacks(attacks(new Flooding(2, null), Knowledge.OWN));
        assertThatThrownBy(asking::build).hasMessageContaining("snapshots that no user has asked for");
        config(new SignFlip(1), Knowledge.ALL).build();
        SimulationConfigBuilder ring = SimulationConfig.builder(
                        1, Neighbourhoods.fixed(new GraphModel.Line().build(4, 1)))
                .attacks(attacks(new SignFlip(1), Knowledge.ALL));
        assertThatThrownBy(ring::build).hasMessageStartingWith("adversaries.0.knows: all needs a graph");
    }
}
