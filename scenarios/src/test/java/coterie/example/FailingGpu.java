package coterie.example;

import ai.djl.engine.EngineException;
import coterie.model.files.AtomicFiles;
import coterie.model.learn.Learner;
import coterie.model.learn.LearnerState;
import coterie.model.learn.TurnOutcome;
import coterie.model.learn.TurnPlan;
import coterie.model.learn.TurnProgress;
import coterie.model.task.Task;
import coterie.model.text.DatasetOutline;
import coterie.model.torch.DeviceErrors;
import coterie.model.trust.CollaborationStrategy;
import coterie.scenarios.config.ComponentProvider;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.learner.DataIndex;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.LearnerHost;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.Learners;
import coterie.scenarios.learner.RunnableLearner;
import coterie.scenarios.learner.softmax.SoftmaxRegression;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** A learner on a device that fails once as a GPU does: the process that makes a certain file computes no more. */
public final class FailingGpu implements ComponentProvider {
    /** Environment variable with the file. */
    public static final String FILE = "COTERIE_FAILING_GPU";

    @Override
    public List<Class<? extends Record>> components() {
        return List.of(OnFailingGpu.class);
    }

    /**
     * Softmax regression on such a device.
     *
     * @param failsAt turn of user 0 in which it fails
     */
    @Component(name = "on-failing-gpu", about = "for tests")
    public record OnFailingGpu(@Setting("3") int failsAt) implements RunnableLearner {
        private static final SoftmaxRegression INNER = new SoftmaxRegression(0);

        @Override
        public Task task() {
            return INNER.task();
        }

        @Override
        public List<String> unused() {
            return INNER.unused();
        }

        @Override
        public void check(Scenario s, UnaryOperator<String> at) {
            INNER.check(s, at);
        }

        @Override
        public void check(Scenario s, Strategy strategy, CollaborationStrategy method, UnaryOperator<String> at) {
            INNER.check(s, strategy, method, at);
        }

        @Override
        public long examples(Scenario.Training t) {
            return INNER.examples(t);
        }

        @Override
        public long testExamples(Scenario s) {
            return INNER.testExamples(s);
        }

        @Override
        public String engine() {
            return INNER.engine();
        }

        @Override
        public double bytesPerRun(Loaded loaded) {
            return INNER.bytesPerRun(loaded);
        }

        @Override
        public LearnerInputs open(Loaded loaded) {
            return new Inputs(INNER.open(loaded), failsAt);
        }
    }

    private record Inputs(LearnerInputs inner, int failsAt) implements LearnerInputs {
        @Override
        public int parameters() {
            return inner.parameters();
        }

        @Override
        public void checkMemory(Loaded loaded) {
            inner.checkMemory(loaded);
        }

        @Override
        public DatasetOutline check(Loaded loaded) {
            return inner.check(loaded);
        }

        @Override
        public DataIndex index(Loaded loaded) {
            return inner.index(loaded);
        }

        @Override
        public LearnerHost host(Loaded loaded, List<HostDevice> devices) {
            return new Host(inner.host(loaded, devices), failsAt);
        }

        @Override
        public void write(Path run, Loaded loaded, int user, float[] parameters, AtomicFiles.Group files)
                throws IOException {
            inner.write(run, loaded, user, parameters, files);
        }

        @Override
        public void print(Loaded loaded, PrintStream out) {
            inner.print(loaded, out);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    private record Host(LearnerHost inner, int failsAt) implements LearnerHost {
        @Override
        public String device() {
            return inner.device();
        }

        @Override
        public DatasetOutline load(Loaded loaded) {
            return inner.load(loaded);
        }

        @Override
        public DatasetOutline load(Loaded loaded, int[] users, byte[] index) {
            return inner.load(loaded, users, index);
        }

        @Override
        public String fingerprint(int[] users) {
            return inner.fingerprint(users);
        }

        @Override
        public String dataHash() {
            return inner.dataHash();
        }

        @Override
        public Learners learners(Loaded loaded, int[] users) {
            Learners all = inner.learners(loaded, users);
            return new Learners(users, (user, place) -> new OnGpu(all.of(user), user, failsAt), all::close);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    private record OnGpu(Learner inner, int user, int failsAt) implements Learner {
        @Override
        public CompletableFuture<TurnOutcome> turn(TurnPlan plan) {
            return turn(plan, TurnProgress.until(plan.turn()));
        }

        @Override
        public CompletableFuture<TurnOutcome> turn(TurnPlan plan, TurnProgress progress) {
            if (user == 0 && plan.turn() >= failsAt && isFirst()) {
                return CompletableFuture.failedFuture(DeviceErrors.inWords(
                        new EngineException("RuntimeError: CUDA error: an illegal memory access was encountered"),
                        "cuda:0"));
            }
            return inner.turn(plan, progress);
        }

        private static boolean isFirst() {
            try {
                Files.createFile(Path.of(System.getenv(FILE)));
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public LearnerState state() {
            return inner.state();
        }

        @Override
        public void restore(LearnerState state) {
            inner.restore(state);
        }

        @Override
        public void close() {
            // Closed with the others.
        }
    }
}
