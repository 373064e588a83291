package coterie.model.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.model.protocol.AgedModel;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked examples of all attacks. The attacker is user 3. */
class AttackTest {
    private static final float[] START = {1, 0};

    private static Snapshot of(int user, int turn, float... values) {
        return new Snapshot(user, turn, 2 * turn, values, null);
    }

    private static final Snapshot HONEST = of(3, 7, 3, -1);

    private static RandomStream noise() {
        return RandomStream.of(1, Purpose.ADVERSARY, 3, 7, 0);
    }

    private static Occasion knowing(Snapshot... known) {
        return new Occasion(HONEST, START, HONEST, List.of(known), 50, 12, null, noise());
    }

    private static float[] sent(Attack attack, Occasion now) {
        Snapshot s = attack.forge(now);
        assertThat(s.user()).isEqualTo(3);
        assertThat(s.layout()).isEqualTo(HONEST.layout());
        return s.values();
    }

    @Test
    void signFlipSendsTheOppositeOfWhatWasLearnedSinceTheStart() {
        assertThat(sent(new SignFlip(1), knowing(HONEST))).containsExactly(-1, 1);
        assertThat(sent(new SignFlip(2), knowing(HONEST))).containsExactly(-3, 2);
    }

    @Test
    void anUpdateIsMeasuredFromZeroAndParametersBesideItMoveAlike() {
        Snapshot update = Snapshot.ofUpdate(3, 7, 14, "", new float[] {3, -1}, new float[] {10, 10}, null);
        Snapshot s = new SignFlip(1).forge(new Occasion(update, START, update, List.of(update), 5, 1, null, noise()));
        assertThat(s.values()).containsExactly(-3, 1);
        assertThat(s.parameters()).containsExactly(4, 12);
    }

    @Test
    void scalingSendsWhatWasLearnedTimesAFactorAndNeverOverflows() {
        assertThat(sent(new Scaling(10), knowing(HONEST))).containsExactly(21, -10);
        assertThat(Snapshot.finite(sent(new Scaling(1e300), knowing(HONEST)))).isTrue();
    }

    @Test
    void noiseIsDrawnForTheOccasionAndHasTheGivenDeviation() {
        float[] zero = new float[20_000];
        Snapshot honest = new Snapshot(3, 7, 14, zero, null);
        Occasion now = new Occasion(honest, zero, honest, List.of(honest), 5, 1, null, noise());
        Occasion again = new Occasion(honest, zero, honest, List.of(honest), 5, 1, null, noise());
        float[] sent = new GaussianNoise(0.1).forge(now).values();
        assertThat(new GaussianNoise(0.1).forge(again).values()).isEqualTo(sent);
        double squares = 0;
        for (float x : sent) {
            squares += x * x;
        }
        assertThat(Math.sqrt(squares / sent.length)).isCloseTo(0.1, within(0.002));
        assertThat(sent[0]).isCloseTo((float) (0.1 * noise().gaussian()), within(1e-7f));
    }

    @Test
    void aLittleIsEnoughStaysWithinTheDeviationOfHonestValues() {
        Occasion now = knowing(of(1, 6, 1, 4), of(3, 7, 3, 4), of(5, 8, 5, 4));
        float[] sent = sent(new LittleIsEnough(1.5), now);
        assertThat(sent[0]).isCloseTo(0.5505f, within(1e-4f));
        assertThat(sent[1]).isEqualTo(4);
        assertThat(LittleIsEnough.fromCounts(50, 12)).isCloseTo(0.336, within(5e-4));
        assertThat(LittleIsEnough.fromCounts(10, 2)).isZero();
        assertThat(LittleIsEnough.fromCounts(9, 7))
                .as("no honest user must be convinced")
                .isCloseTo(6, within(0.1));
        double z = LittleIsEnough.fromCounts(50, 12);
        assertThat(sent(new LittleIsEnough(null), now)[0])
                .isCloseTo((float) (3 - z * Math.sqrt(8 / 3.0)), within(1e-5f));
    }

    @Test
    void quantilesInvertTheDistribution() {
        assertThat(NormalQuantile.of(0.975)).isCloseTo(1.959964, within(1e-6));
        assertThat(NormalQuantile.of(0.5)).isCloseTo(0, within(1e-9));
        assertThat(NormalQuantile.distribution(1)).isCloseTo(0.8413447, within(1e-7));
    }

    @Test
    void innerProductManipulationSendsTheOppositeOfTheHonestMean() {
        Occasion now = knowing(of(1, 6, 3, -1), of(3, 7, 5, 1));
        assertThat(sent(new InnerProduct(0.5), now)).containsExactly(-0.5f, 0);
    }

    @Test
    void dissensusDrivesAReceiverAwayFromItsHonestNeighbours() {
        Snapshot[] known = {of(0, 5, 1, 1), of(1, 6, 2, 1), of(2, 7, 4, 3), HONEST};
        Occasion to0 = to(new Occasion.Receiver(0, new int[] {1, 2, 8}, 2), known);
        assertThat(sent(new Dissensus(1.5), to0)).containsExactly(-2, -0.5f);
        assertThat(new Dissensus(1.5).forge(to(new Occasion.Receiver(9, new int[] {1, 2}, 2), known)))
                .as("of which nothing is known")
                .isSameAs(HONEST);
        assertThat(new Dissensus(1.5).forge(to(new Occasion.Receiver(0, new int[] {8}, 1), known)))
                .isSameAs(HONEST);
    }

    private static Occasion to(Occasion.Receiver receiver, Snapshot... known) {
        return new Occasion(HONEST, START, HONEST, List.of(known), 50, 12, receiver, noise());
    }

    @Test
    void mimicCopiesOneHonestUser() {
        Occasion now = knowing(of(2, 6, 8, 8), HONEST, of(5, 8, 9, 9));
        assertThat(sent(new Mimic(null), now)).containsExactly(8, 8);
        assertThat(sent(new Mimic(5), now)).containsExactly(9, 9);
        Snapshot s = new Mimic(5).forge(now);
        assertThat(s.turn()).as("its own version").isEqualTo(7);
        assertThat(new Mimic(4).forge(now)).as("of which nothing is known").isSameAs(HONEST);
        assertThat(new Mimic(null).forge(knowing(HONEST))).isSameAs(HONEST);
    }

    @Test
    void freeRidersAndReplaysSendWhatTheyHadWhenTheAttackBegan() {
        Occasion now = new Occasion(HONEST, START, of(3, 4, 7, 7), List.of(HONEST), 5, 1, null, noise());
        assertThat(new FreeRider(FreeRider.Sends.MIXTURE).forge(now)).isSameAs(HONEST);
        assertThat(sent(new FreeRider(FreeRider.Sends.START), now)).containsExactly(7, 7);
        assertThat(new FreeRider(FreeRider.Sends.START).trains()).isFalse();
        Snapshot s = new StaleReplay().forge(now);
        assertThat(s.values()).containsExactly(7, 7);
        assertThat(s.turn()).isEqualTo(7);
        assertThat(s.iteration()).isEqualTo(14);
        assertThat(new StaleReplay().trains()).isTrue();
    }

    @Test
    void ageForgeryClaimsAnotherVersion() {
        assertThat(new AgeForgery(5).forge(knowing(HONEST)).turn()).isEqualTo(12);
        assertThat(new AgeForgery(-9).forge(knowing(HONEST)).turn()).isZero();
        assertThat(new AgeForgery(5).forge(knowing(HONEST)).values()).containsExactly(3, -1);
        assertThatThrownBy(() -> new AgeForgery(0)).hasMessageContaining("versions must be");
    }

    @Test
    void predictionsAreForgedWithParametersExceptByLogitForgery() {
        Predictions p = Predictions.of(10, 2, new long[] {1, 4}, new float[] {0.5f, 2});
        Snapshot honest = new Snapshot(3, 7, 14, new float[] {3, -1}, p);
        Occasion now = new Occasion(honest, START, honest, List.of(honest), 5, 1, null, noise());
        Predictions opposite = Predictions.of(10, 2, new long[] {1, 4}, new float[] {-0.5f, -2});
        assertThat(new SignFlip(1).forge(now).predictions()).isEqualTo(opposite);
        assertThat(new LogitForgery(1).forge(now).predictions()).isEqualTo(p);
        assertThat(new LogitForgery(1).forge(now).values()).containsExactly(-1, 1);
        assertThat(new Scaling(1e30).forge(now).predictions().finite()).isTrue();
        assertThat(new SignFlip(1).forge(now).hash())
                .as("a key identifies the content")
                .isNotEqualTo(new LogitForgery(1).forge(now).hash());
    }

    @Test
    void anAttackInAnotherSaysWhatIsSent() {
        assertThat(sent(new Flooding(3, new SignFlip(1)), knowing(HONEST))).containsExactly(-1, 1);
        assertThat(new Flooding(3, null).forge(knowing(HONEST))).isSameAs(HONEST);
        assertThat(new Flooding(3, new FreeRider(FreeRider.Sends.MIXTURE)).trains())
                .isFalse();
        assertThat(new Flooding(3, new AgeForgery(5)).versions()).isEqualTo(5);
        Attack both = new Timing(1, new Flooding(3, new Dissensus(1.5)));
        assertThat(both.times()).isEqualTo(3);
        assertThat(both.holdsBack()).isTrue();
        assertThat(both.needsOthers() && both.eachReceiver()).isTrue();
        assertThat(new Timing(1, new LabelFlip()).flipsLabels()).isTrue();
        assertThatThrownBy(() -> new Flooding(1, null)).hasMessageStartingWith("times must be 2 to 1000");
    }

    @Test
    void aFloodOfOneModelIsMergedAgainAndAgain() {
        AgedModel receiver = new AgedModel(new float[] {0}, 1);
        AgedModel flood = new AgedModel(new float[] {8}, 1);
        float[] values = new float[3];
        for (int k = 0; k < values.length; k++) {
            receiver = receiver.merge(flood);
            values[k] = receiver.parameters()[0];
        }
        assertThat(values).containsExactly(4, 6, 7);
    }

    @Test
    void slowPoisonIsHonestFirstAndThenTurnsStepByStep() {
        Attack poison = new SlowPoison(1, 4, null);
        assertThat(poison.forge(since(7))).isSameAs(HONEST);
        assertThat(sent(poison, since(6))).containsExactly(2, -0.5f);
        assertThat(sent(poison, since(5))).containsExactly(1, 0);
        assertThat(sent(poison, since(3))).containsExactly(-1, 1);
        assertThat(sent(new SlowPoison(0, 1, new Scaling(10)), since(7))).containsExactly(21, -10);
        assertThat(new SlowPoison(8, 1, null).forge(since(0))).isSameAs(HONEST);
        assertThat(new SlowPoison(1, 1, new Dissensus(1.5)).needsOthers()).isTrue();
        assertThatThrownBy(() -> new SlowPoison(1, 1, new LabelFlip()))
                .hasMessageStartingWith("attack must change what is sent")
                .hasMessageEndingWith("found label-flip");
    }

    /** The occasion in turn 7 of an attack that began in another turn. */
    private static Occasion since(int turn) {
        return new Occasion(HONEST, START, of(3, turn, 9, 9), List.of(HONEST), 5, 1, null, noise());
    }

    @Test
    void colludersSendTheSameAndAreNoFartherFromOthersThanTheseAreApart() {
        Occasion now = knowing(of(1, 6, 3, 1), HONEST, of(5, 8, 3, -1));
        float[] sent = sent(new Collusion(), now);
        assertThat(sent[0]).isCloseTo((float) (3 - Math.sqrt(3)), within(1e-6f));
        assertThat(sent[1]).isZero();
        // Another attacker that knows the same.
        Snapshot mine = of(9, 7, 8, 8);
        Occasion other =
                new Occasion(mine, START, mine, List.of(of(1, 6, 3, 1), of(5, 8, 3, -1), mine), 5, 2, null, noise());
        assertThat(new Collusion().forge(other).values()).isEqualTo(sent);
        assertThat(sent(new Collusion(), knowing(of(1, 6, 4, 2), HONEST)))
                .as("one that is known has no distance to others")
                .containsExactly(4, 2);
        assertThat(new Collusion().forge(knowing(HONEST))).isSameAs(HONEST);
        assertThat(new Collusion().forge(knowing(of(1, 6, 1, 0))))
                .as("nothing is learned")
                .isSameAs(HONEST);
    }

    @Test
    void timingSendsSoThatItArrivesJustBeforeTheReceiverMixes() {
        Timing.Rhythm rhythm = new Timing.Rhythm(50, 10, 2);
        assertThat(new Timing(1, null).sendAt(52, rhythm)).isEqualTo(57);
        assertThat(new Timing(1, null).sendAt(57, rhythm)).isEqualTo(57);
        assertThat(new Timing(1, null).sendAt(58, rhythm)).isEqualTo(67);
        assertThat(new Timing(25, null).sendAt(52, rhythm))
                .as("a lead that is longer than a turn")
                .isEqualTo(53);
        assertThat(new Flooding(2, new Timing(1, null)).sendAt(52, rhythm)).isEqualTo(57);
    }

    @Test
    void labelFlipBaitAndNoneSendHonestly() {
        assertThat(new ValidationBaiting(5).forge(knowing(HONEST))).isSameAs(HONEST);
        assertThat(new Flooding(2, new ValidationBaiting(5)).baits()).isEqualTo(5);
        assertThat(new LabelFlip().baits()).isEqualTo(-1);
        assertThat(new PoisonedText(0.3).forge(knowing(HONEST))).isSameAs(HONEST);
        assertThat(new Backdoor("a", "b", 0.3).forge(knowing(HONEST))).isSameAs(HONEST);
        assertThat(new Flooding(2, new Backdoor("a", "b", 0.3)).backdoored()).isEqualTo(0.3);
        assertThatThrownBy(() -> new Backdoor("a", " ", 0.3)).hasMessage("target must be a phrase, found nothing");
        assertThat(new Timing(1, new PoisonedText(0.3)).replacedTokens()).isEqualTo(0.3);
        assertThat(new LabelFlip().forge(knowing(HONEST))).isSameAs(HONEST);
        assertThat(new LabelFlip().flipsLabels()).isTrue();
        assertThat(new NoAttack().forge(knowing(HONEST))).isSameAs(HONEST);
    }
}
