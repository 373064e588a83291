package coterie.model.learn;

import coterie.model.torch.Torch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The threads that compute on one device. Each takes turns from a common queue and stacks the training steps of those it has into one pass.
 *
 * <p>A user's result is the same alone or stacked, so that who is stacked with whom may depend on chance. A worker holds no more turns than its fair
 * share of those there are: stacking saves less than an idle core costs.
 */
final class StepWorkers<J extends StepWorkers.Job> implements AutoCloseable {
    /** A turn under way: runs by itself up to its next training step, is given that step, and so on to its end. */
    interface Job {
        /** Goes on to the next training step. @return whether there is one; false ends the job */
        boolean advance();

        /** Called when the job cannot go on. */
        void fail(Throwable reason);
    }

    /** Takes one training step for each of some jobs that are waiting for one. */
    interface Stepper<J extends Job> {
        void step(List<J> jobs);
    }

    private final Deque<J> queue = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private final int stack;
    private final Stepper<J> stepper;
    private int held;
    private boolean settling;
    private boolean closed;

    StepWorkers(String name, int workers, int stack, Stepper<J> stepper) {
        this.stack = stack;
        this.stepper = stepper;
        for (int i = 0; i < workers; i++) {
            Thread t = new Thread(this::work, name + "-" + i);
            t.setDaemon(true);
            threads.add(t);
            t.start();
        }
    }

    void submit(J job) {
        synchronized (queue) {
            if (closed) {
                job.fail(new IllegalStateException("the device is closed"));
                return;
            }
            queue.add(job);
            queue.notify();
        }
    }

    /** Waits for work where {@code mine} is empty; else takes what the fair share allows. @return false when the pool is closed */
    private boolean refill(List<J> mine) {
        synchronized (queue) {
            while (mine.isEmpty() && queue.isEmpty() && !closed) {
                try {
                    queue.wait();
                } catch (InterruptedException e) {
                    closed = true;
                }
            }
            if (closed) {
                held -= mine.size();
                return false;
            }
            if (settling) {
                mine.forEach(j -> j.fail(new IllegalStateException("the run was stopped")));
                held -= mine.size();
                mine.clear();
                queue.notifyAll();
                return true;
            }
            int share = (held + queue.size() + threads.size() - 1) / threads.size();
            while (!queue.isEmpty() && mine.size() < Math.min(stack, Math.max(1, share))) {
                mine.add(queue.poll());
                held++;
            }
            return true;
        }
    }

    private void work() {
        Torch.prepareThread();
        List<J> mine = new ArrayList<>();
        while (refill(mine)) {
            List<J> ready = new ArrayList<>();
            for (J job : mine) {
                try {
                    if (job.advance()) {
                        ready.add(job);
                    }
                } catch (Throwable t) {
                    job.fail(t);
                }
            }
            release(mine.size() - ready.size());
            mine = ready;
            if (!mine.isEmpty()) {
                try {
                    stepper.step(mine);
                } catch (Throwable t) {
                    mine.forEach(j -> j.fail(t));
                    release(mine.size());
                    mine = new ArrayList<>();
                }
            }
        }
        mine.forEach(j -> j.fail(new IllegalStateException("the device is closed")));
    }

    private void release(int n) {
        synchronized (queue) {
            held -= n;
            if (held == 0) {
                queue.notifyAll();
            }
        }
    }

    /** Fails every job that is not done, and returns when none is left in any worker's hands. */
    void settle() {
        synchronized (queue) {
            queue.forEach(j -> j.fail(new IllegalStateException("the run was stopped")));
            queue.clear();
            settling = true;
            boolean interrupted = false;
            while (held > 0) {
                try {
                    queue.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            settling = false;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Stops after the steps under way; turns that are not done fail. */
    @Override
    public void close() {
        synchronized (queue) {
            closed = true;
            queue.forEach(j -> j.fail(new IllegalStateException("the device is closed")));
            queue.clear();
            queue.notifyAll();
        }
        boolean interrupted = false;
        for (Thread t : threads) {
            while (t.isAlive()) {
                try {
                    t.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
