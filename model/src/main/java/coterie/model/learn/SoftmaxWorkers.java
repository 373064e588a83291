package coterie.model.learn;

import coterie.model.trust.TrustManager;
import coterie.model.vectors.VectorDataset;

/** The threads on which users learn softmax regressions. */
public final class SoftmaxWorkers implements AutoCloseable {
    private final StepWorkers<SoftmaxLearner.Job> workers;

    /** @param threads number of workers */
    public SoftmaxWorkers(int threads) {
        workers = new StepWorkers<>("softmax", threads, () -> {}, jobs -> jobs.forEach(SoftmaxLearner.Job::step));
    }

    /** A user who learns here, from parameters that are all 0. */
    public Learner learner(int user, VectorDataset data, SoftmaxRules rules, TrustManager trustManager) {
        return new SoftmaxLearner(user, data.users(), data.classes().size(), rules, trustManager, workers::submit);
    }

    /** Fails all turns, waiting or begun, and returns when no thread computes any more. */
    public void settle() {
        workers.settle();
    }

    @Override
    public void close() {
        workers.close();
    }
}
