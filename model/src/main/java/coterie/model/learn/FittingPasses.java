package coterie.model.learn;

import ai.djl.engine.EngineException;
import coterie.model.program.PassMemory;
import coterie.model.torch.ComputeDevice;
import coterie.model.torch.DeviceErrors;
import coterie.model.torch.DeviceFailedException;
import coterie.model.torch.TorchUnavailableException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes on a device whose memory may not suffice. A pass that does not fit is computed in halves, and no later pass
 * has more users than fitted. What cannot be halved and does not fit beside the work of other threads is computed once
 * more without them. A user's pass that does not fit even so recomputes its activations, and so do all later ones.
 * Thread-safe.
 */
final class FittingPasses {
    /** A pass that several users share. */
    interface Pass<J> {
        /**
         * Computes a step of each job.
         *
         * @param places of the pass, at least as many as jobs
         * @param recompute whether activations are recomputed in place of kept
         * @throws EngineException if it fails, also for lack of memory; then nothing has changed
         */
        void compute(List<J> jobs, int places, boolean recompute);
    }

    /**
     * What a user's pass takes, for messages.
     *
     * @param batch sequences of a user
     * @param context tokens of a sequence
     * @param kept with all activations kept
     * @param recomputed with activations recomputed
     */
    record Need(int batch, int context, String arithmetic, PassMemory kept, PassMemory recomputed) {
        private String pass() {
            return String.format(Locale.ROOT, "a pass of one user, %d x %d tokens in %s", batch, context, arithmetic);
        }

        private String doesNotFit(boolean recompute) {
            return pass() + ", does not fit: it takes about "
                    + (recompute
                            ? gibibytes(recomputed.of(1)) + " with activations recomputed"
                            : gibibytes(kept.of(1)));
        }

        /**
         * Why activations are recomputed from the first pass on.
         *
         * @param left bytes that the pass can take at most
         */
        String recomputation(String device, double left) {
            return String.format(
                    Locale.ROOT,
                    "%s has %s of memory left for %s, which takes about %s: its activations are recomputed, so that it"
                            + " takes about %s and more time; results stay the same",
                    device,
                    gibibytes(left),
                    pass(),
                    gibibytes(kept.of(1)),
                    gibibytes(recomputed.of(1)));
        }
    }

    private static final String ADVICE = "set a smaller training.batch_size (training.accumulation_steps makes up for"
            + " it), a shorter training.context, or model.precision: bfloat16 for a base of half the size";
    private static final double GIB = 1L << 30;
    private static final Logger LOG = LoggerFactory.getLogger(FittingPasses.class);

    private final ComputeDevice device;
    /** Read by all who compute, written by one that needs all memory. */
    private final ReadWriteLock using = new ReentrantReadWriteLock();

    private volatile int most = Integer.MAX_VALUE;
    private volatile boolean recomputing;

    FittingPasses(ComputeDevice device) {
        this.device = device;
    }

    /** Users of a pass at most, as far as is known. */
    int most() {
        return most;
    }

    /** Whether a pass of one user did not fit, so that activations are recomputed since then. */
    boolean recomputing() {
        return recomputing;
    }

    /**
     * Computes a step of each job.
     *
     * @throws DeviceFailedException if a pass of one user does not fit; jobs before it have been computed
     */
    <J> void compute(List<J> jobs, Passes shared, Supplier<Need> need, Pass<J> pass) {
        int done = 0;
        while (done < jobs.size()) {
            int places = Math.min(shared.places(jobs.size() - done), most);
            List<J> some = jobs.subList(done, Math.min(jobs.size(), done + places));
            boolean recompute = recomputing || shared.recompute();
            EngineException full = tried(using.readLock(), () -> pass.compute(some, places, recompute));
            if (full != null && places > 1) {
                halve(places, shared.kind());
                continue;
            }
            if (full != null) {
                full = tried(using.writeLock(), () -> pass.compute(some, places, recompute));
            }
            if (full != null && !recompute && Recomputation.asked() != Recomputation.NEVER) {
                recompute();
                continue;
            }
            if (full != null) {
                throw tooLittle(need.get().doesNotFit(recompute), full);
            }
            done += some.size();
        }
    }

    /**
     * Computes something that cannot be halved.
     *
     * @param what it is, for messages
     * @throws DeviceFailedException if it does not fit
     */
    <T> T compute(String what, Supplier<T> work) {
        Result<T> result = new Result<>();
        Runnable run = () -> result.value = work.get();
        EngineException full = tried(using.readLock(), run);
        if (full != null) {
            full = tried(using.writeLock(), run);
        }
        if (full != null) {
            throw tooLittle(what + " does not fit", full);
        }
        return result.value;
    }

    private static final class Result<T> {
        private T value;
    }

    /** @return null if it was computed; else how memory was lacking */
    private static EngineException tried(Lock lock, Runnable work) {
        lock.lock();
        try {
            work.run();
            return null;
        } catch (EngineException e) {
            if (DeviceErrors.outOfMemory(e)) {
                return e;
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private synchronized void halve(int places, Passes.Kind kind) {
        int half = (places + 1) / 2;
        if (half >= most) {
            return;
        }
        boolean told = most != Integer.MAX_VALUE;
        most = half;
        String words = device.name() + " has too little memory for passes of " + places
                + " users: from now on they have " + half + " at most";
        if (told) {
            LOG.info("{}", words);
        } else if (kind == Passes.Kind.CONSTANT) {
            LOG.warn("{}, which changes the last bits of results; --stack {} does so from the beginning", words, half);
        } else {
            LOG.warn("{}; results stay the same", words);
        }
    }

    private synchronized void recompute() {
        if (recomputing) {
            return;
        }
        most = 1;
        recomputing = true;
        LOG.warn(
                "{} has too little memory for all activations of a user's pass: from now on passes have one user and"
                        + " recompute them, which takes more time; results stay the same",
                device.name());
    }

    private DeviceFailedException tooLittle(String what, EngineException e) {
        return DeviceFailedException.full(
                device.name() + " has too little memory: " + what + free() + "; " + ADVICE, e);
    }

    private String free() {
        try {
            long free = device.free();
            return free == Long.MAX_VALUE ? "" : ", and " + gibibytes((double) free) + " are free";
        } catch (TorchUnavailableException e) {
            return "";
        }
    }

    private static String gibibytes(double bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
    }
}
