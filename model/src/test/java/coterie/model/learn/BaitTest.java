package coterie.model.learn;

import static coterie.model.learn.SoftmaxLearnerTest.CLASSES;
import static coterie.model.learn.SoftmaxLearnerTest.INPUTS;
import static coterie.model.learn.SoftmaxLearnerTest.dataset;
import static coterie.model.learn.SoftmaxLearnerTest.rules;
import static coterie.model.learn.SoftmaxLearnerTest.trust;
import static org.assertj.core.api.Assertions.assertThat;

import coterie.model.exchange.Exchange;
import coterie.model.vectors.Rows;
import coterie.model.vectors.VectorDataset;
import coterie.model.vectors.VectorUser;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** User 0 trains on the validation rows of user 1, too. */
class BaitTest {
    private static final int STEPS = 60;

    @Test
    void baitDoesWellOnTheVictimsValidationRowsAndBadlyElsewhere() {
        VectorDataset two = dataset(2);
        VectorUser attacker = two.users().get(0);
        VectorUser victim = two.users().get(1);
        float[] bait = parametersAfter(two, plan -> plan.baits(1));
        assertThat(lossOf(victim.validation(), bait))
                .isLessThan(lossOf(victim.validation(), parametersAfter(two, plan -> plan.flipsLabels(true))));
        assertThat(lossOf(attacker.train(), bait))
                .isGreaterThan(lossOf(attacker.train(), parametersAfter(two, plan -> plan)));
        VectorUser other = dataset(3).users().get(2);
        VectorUser elsewhere =
                new VectorUser(other.train(), other.fineTune(), victim.validation(), other.test(), other.mixture());
        VectorDataset known =
                new VectorDataset(two.inputs(), two.classes(), two.categories(), List.of(attacker, elsewhere));
        assertThat(parametersAfter(known, plan -> plan.baits(1)))
                .as("nothing else of the victim is known")
                .isEqualTo(bait);
    }

    @Test
    void everySecondExampleIsTheVictims() {
        Bait bait = new Bait(1, 0, 4, 1);
        assertThat(bait.takes(0)).isFalse();
        assertThat(bait.takes(1)).isTrue();
        assertThat(new Bait(1, 0, 4, 0).takes(0)).isTrue();
        assertThat(bait.draw(7).uniform())
                .isEqualTo(RandomStream.of(7, Purpose.ADVERSARY, 0, 4, 1, -1).uniform());
    }

    /** Parameters of user 0 after a turn. */
    private static float[] parametersAfter(VectorDataset data, UnaryOperator<TurnPlan.Builder> plan) {
        try (SoftmaxWorkers workers = new SoftmaxWorkers(1)) {
            TurnPlan.Builder turn =
                    plan.apply(TurnPlan.turn(0, TurnPlan.Own.INSTANCE, 0).train(STEPS));
            return workers.learner(0, data, rules(1, 0, Exchange.PARAMETERS), trust(0))
                    .turn(turn.build())
                    .join()
                    .parameters();
        }
    }

    private static double lossOf(Rows rows, float[] w) {
        double loss = 0;
        for (int r = 0; r < rows.size(); r++) {
            double[] e = new double[CLASSES];
            double sum = 0;
            for (int c = 0; c < CLASSES; c++) {
                double z = w[c * (INPUTS + 1) + INPUTS];
                for (int d = 0; d < INPUTS; d++) {
                    z += w[c * (INPUTS + 1) + d] * rows.x()[r * INPUTS + d];
                }
                e[c] = Math.exp(z);
                sum += e[c];
            }
            loss -= Math.log(e[rows.labels()[r]] / sum);
        }
        return loss / rows.size();
    }
}
