package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import coterie.model.exchange.Exchange;
import coterie.model.exchange.Snapshot;
import coterie.model.trust.MixingInput;
import coterie.model.utility.Evidence;
import coterie.model.utility.UtilityMeter;
import coterie.model.utility.UtilityRow;
import coterie.model.vectors.Rows;
import coterie.model.vectors.VectorDataset;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a user with a softmax regression measures of a neighbour, against an independent computation. */
class SoftmaxUtilityTest {
    private static double[][] matrix(float[] parameters) {
        double[][] w = new double[SoftmaxLearnerTest.CLASSES][SoftmaxLearnerTest.INPUTS + 1];
        for (int k = 0; k < parameters.length; k++) {
            w[k / (SoftmaxLearnerTest.INPUTS + 1)][k % (SoftmaxLearnerTest.INPUTS + 1)] = parameters[k];
        }
        return w;
    }

    private static double validationLoss(Rows rows, float[] parameters) {
        double loss = 0;
        for (int r = 0; r < rows.size(); r++) {
            loss -= Math.log(SoftmaxLearnerTest.probabilities(matrix(parameters), rows, r)[rows.labels()[r]])
                    / rows.size();
        }
        return loss;
    }

    @Test
    void utilityAndEvidenceAreOfTheUsersValidationRows() {
        VectorDataset data = SoftmaxLearnerTest.dataset(2);
        Rows rows = data.users().get(0).validation();
        float[][] w = new float[2][SoftmaxLearnerTest.CLASSES * (SoftmaxLearnerTest.INPUTS + 1)];
        float[] little = new float[w[0].length];
        RandomStream s = RandomStream.of(5, Purpose.BATCH);
        for (int k = 0; k < little.length; k++) {
            w[0][k] = (float) s.gaussian();
            w[1][k] = (float) s.gaussian();
            little[k] = w[0][k] + 0.2f * (w[1][k] - w[0][k]);
        }
        SoftmaxRules r = SoftmaxLearnerTest.rules(1, 0, Exchange.PARAMETERS);
        SoftmaxRules measuring = new SoftmaxRules(
                r.seed(),
                r.batch(),
                r.accumulation(),
                r.schedule(),
                r.optimiser(),
                r.l2(),
                r.exchange(),
                r.evaluateEvery(),
                r.crashes(),
                new UtilityMeter(0.2, null, false));
        String layout = "softmax regression of 3 classes on 4 inputs";
        List<Snapshot> both = IntStream.range(0, 2)
                .mapToObj(u -> new Snapshot(u, 0, 1, layout, w[u], null, Snapshot.hash(w[u])))
                .toList();
        try (SoftmaxWorkers workers = new SoftmaxWorkers(1)) {
            UtilityRow row = workers.learner(0, data, measuring, SoftmaxLearnerTest.trust(0))
                    .turn(TurnPlan.turn(1, new TurnPlan.Mix(new MixingInput(0, 0, both, new int[2])), 1)
                            .utility(true)
                            .build())
                    .join()
                    .utility();
            assertThat(row.neighbours()).containsExactly(1);
            assertThat(row.utilities()[0])
                    .isCloseTo(validationLoss(rows, w[0]) - validationLoss(rows, little), within(1e-6));
            assertThat(row.evidence(0)[Evidence.VALIDATION_LOSS.ordinal()])
                    .isCloseTo(-validationLoss(rows, w[1]), within(1e-9));
            double distance = 0;
            for (int i = 0; i < rows.size(); i++) {
                double[] p = SoftmaxLearnerTest.probabilities(matrix(w[0]), rows, i);
                double[] q = SoftmaxLearnerTest.probabilities(matrix(w[1]), rows, i);
                for (int c = 0; c < SoftmaxLearnerTest.CLASSES; c++) {
                    distance += Math.abs(p[c] - q[c]) / rows.size();
                }
            }
            // Logits are rounded as those that users send.
            assertThat(row.evidence(0)[Evidence.PROBABILITY_L1.ordinal()]).isCloseTo(-distance, within(1e-3));
            assertThat(row.evidence(0)[Evidence.WEIGHT_COSINE.ordinal()]).isNaN();
        }
    }
}
