package coterie.model.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The threads that compute on one device. Each takes turns from a common queue, those due first in virtual time, and
 * stacks their training steps into one pass. After every step a turn yields to turns that are due earlier, so that
 * virtual time advances and results become final from the beginning.
 *
 * <p>Which turns share a pass depends on the timing of threads; {@link PassRule} ensures that no result does. A worker
 * takes at most its fair share of the turns, since sharing a pass saves less than an idle core costs.
 */
final class StepWorkers<J extends StepWorkers.Job> implements AutoCloseable {
    /** A turn that alternates between advancing to its next training step and that step, until it ends. */
    interface Job {
        /**
         * Advances to the next training step.
         *
         * @return whether there is a step; false ends the job
         */
        boolean advance();

        /** Tick of virtual time at which its next result is due. Changes only while a worker holds the job. */
        long due();

        /** Largest number of jobs in a pass that contains this one. */
        int most();

        /** Ends a job that has failed. */
        void fail(Throwable reason);
    }

    /** Computes one training step of each given job. */
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
    private final Runnable prepareThread;
    private long submitted;
    private int held;
    private boolean settling;
    private boolean closed;

    /**
     * Starts the threads.
     *
     * @param prepareThread what each does first
     */
    StepWorkers(String name, int workers, Runnable prepareThread, Stepper<J> stepper) {
        this.stepper = stepper;
        this.prepareThread = prepareThread;
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
     * Replaces a worker's jobs by those due first, at most its fair share; waits while there are none.
     *
     * @return false once the workers are closed
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
                // Other workers may be waiting for jobs that were put back.
                queue.notify();
            }
            return true;
        }
    }

    private void work() {
        prepareThread.run();
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

    /** Whether no job in the queue is due before these; advancing a job may have changed when it is due. */
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

    /** Fails every job, and returns when no worker holds one. */
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

    /** Stops after the steps under way; other jobs fail. */
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
