package coterie.model.learn;

import coterie.model.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The threads that compute on one device. Each takes turns from a common queue, those that are needed first in virtual
 * time, and stacks the training steps of those it has into one pass. After every step a turn makes way for those that
 * are needed earlier, so that virtual time, and with it the results that are certain, goes on from the beginning.
 *
 * <p>Which turns share a pass depends on threads and on the time each takes. {@link PassRule} sees to it that no result
 * does. A worker holds no more turns than its fair share of those there are: sharing saves less than an idle core
 * costs.
 */
final class StepWorkers<J extends StepWorkers.Job> implements AutoCloseable {
    /** A turn under way: runs by itself up to its next training step, is given that step, and so on to its end. */
    interface Job {
        /**
         * Goes on to the next training step, if it is not there already.
         *
         * @return whether there is one; false ends the job
         */
        boolean advance();

        /** When in virtual time the next of its results is needed, in ticks. Changes only while a worker holds it. */
        long due();

        /** How many jobs may share a pass with it, itself included. */
        int most();

        /** Called when the job cannot go on. */
        void fail(Throwable reason);
    }

    /** Takes one training step for each of some jobs that are waiting for one. */
    interface Stepper<J extends Job> {
        void step(List<J> jobs);
    }

    /**
     * A job in the queue.
     *
     * @param number of jobs that were submitted before it
     */
    private record Waiting<J extends Job>(J job, long due, long number) implements Comparable<Waiting<J>> {
        @Override
        public int compareTo(Waiting<J> o) {
            return due != o.due ? Long.compare(due, o.due) : Long.compare(number, o.number);
        }
    }

    private final PriorityQueue<Waiting<J>> queue = new PriorityQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Stepper<J> stepper;
    private long submitted;
    private int held;
    private boolean settling;
    private boolean closed;

    StepWorkers(String name, int workers, Stepper<J> stepper) {
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
            queue.add(new Waiting<>(job, job.due(), submitted++));
            queue.notify();
        }
    }

    /**
     * Takes what is needed first, as much as the fair share allows, and lets go of what is needed later; waits where
     * there is no work.
     *
     * @return false when the pool is closed
     */
    private boolean refill(List<Waiting<J>> mine) {
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
                mine.forEach(w -> w.job.fail(new IllegalStateException("the run was stopped")));
                held -= mine.size();
                mine.clear();
                queue.notifyAll();
                return true;
            }
            for (Waiting<J> w : mine) {
                queue.add(new Waiting<>(w.job, w.job.due(), w.number));
            }
            held -= mine.size();
            mine.clear();
            int share = (held + queue.size() + threads.size() - 1) / threads.size();
            int most = Math.max(1, share);
            while (!queue.isEmpty()) {
                most = Math.min(most, queue.peek().job.most());
                if (mine.size() >= most) {
                    break;
                }
                mine.add(queue.poll());
                held++;
            }
            if (!queue.isEmpty()) {
                // Others may be waiting for what was let go of.
                queue.notify();
            }
            return true;
        }
    }

    private void work() {
        Torch.prepareThread();
        List<Waiting<J>> mine = new ArrayList<>();
        while (refill(mine)) {
            List<Waiting<J>> ready = new ArrayList<>();
            for (Waiting<J> w : mine) {
                try {
                    if (w.job.advance()) {
                        ready.add(w);
                    }
                } catch (Throwable t) {
                    w.job.fail(t);
                }
            }
            release(mine.size() - ready.size());
            mine = ready;
            if (!mine.isEmpty() && first(mine)) {
                List<J> jobs = mine.stream().map(Waiting::job).toList();
                try {
                    stepper.step(jobs);
                } catch (Throwable t) {
                    jobs.forEach(j -> j.fail(t));
                    release(jobs.size());
                    mine = new ArrayList<>();
                }
            }
        }
        mine.forEach(w -> w.job.fail(new IllegalStateException("the device is closed")));
    }

    /**
     * Whether nothing in the queue is needed before these: what has just become known of one may have made another more
     * urgent.
     */
    private boolean first(List<Waiting<J>> mine) {
        synchronized (queue) {
            return queue.isEmpty() || mine.stream().allMatch(w -> w.job.due() <= queue.peek().due);
        }
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
            queue.forEach(w -> w.job.fail(new IllegalStateException("the run was stopped")));
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
            queue.forEach(w -> w.job.fail(new IllegalStateException("the device is closed")));
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
