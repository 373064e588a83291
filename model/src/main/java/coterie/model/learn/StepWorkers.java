package coterie.model.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

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
         * Advances to the next training step, or to a pause.
         *
         * @return whether there is one; false ends the job
         */
        boolean advance();

        /** Whether it has advanced to a pause: it advances again after {@link Stepper#foresee}. */
        default boolean paused() {
            return false;
        }

        /** Tick of virtual time at which its next result is due. Changes only while a worker holds the job. */
        long due();

        /** Largest number of jobs in a pass that contains this one. */
        int most();

        /** Ends a job that has failed. */
        void fail(Throwable reason);
    }

    /** Computes what jobs share. */
    interface Stepper<J extends Job> {
        /** Computes one training step of each. */
        void step(List<J> jobs);

        /** Computes what jobs are going to need when they advance, before they do. */
        default void foresee(List<J> jobs) {}
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

    /** What became of a job that was to advance. */
    private enum Advanced {
        READY,
        PAUSED,
        OVER
    }

    private final PriorityQueue<Waiting<J>> queue = new PriorityQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Stepper<J> stepper;
    private final Runnable prepareThread;
    /** Null if each worker advances its jobs itself. */
    private final ExecutorService helpers;

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
        this(name, workers, 0, prepareThread, stepper);
    }

    /**
     * Starts the threads.
     *
     * @param helpers number of threads on which the jobs of the workers advance, several at a time; 0 if each worker
     *     advances its own, one after the other
     * @param prepareThread what each thread does first
     */
    StepWorkers(String name, int workers, int helpers, Runnable prepareThread, Stepper<J> stepper) {
        this.stepper = stepper;
        this.prepareThread = prepareThread;
        this.helpers = helpers == 0
                ? null
                : Executors.newFixedThreadPool(helpers, work -> helper(name + "-helper", prepareThread, work));
        for (int i = 0; i < workers; i++) {
            Thread t = new Thread(this::work, name + "-" + i);
            t.setDaemon(true);
            threads.add(t);
            t.start();
        }
    }

    private static Thread helper(String name, Runnable prepareThread, Runnable work) {
        Thread t = new Thread(
                () -> {
                    prepareThread.run();
                    work.run();
                },
                name);
        t.setDaemon(true);
        return t;
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
            List<Waiting<J>> ready = advanced(mine);
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

    /** Advances jobs to their next step. Returns those that have one; the others have ended or failed. */
    private List<Waiting<J>> advanced(List<Waiting<J>> all) {
        List<Waiting<J>> ready = new ArrayList<>();
        List<Waiting<J>> advancing = all;
        while (!advancing.isEmpty()) {
            List<J> jobs = advancing.stream().map(Waiting::job).toList();
            try {
                stepper.foresee(jobs);
            } catch (Throwable t) {
                jobs.forEach(j -> j.fail(t));
                return ready;
            }
            List<Waiting<J>> paused = new ArrayList<>();
            List<Advanced> found = advanceAll(jobs);
            for (int k = 0; k < found.size(); k++) {
                switch (found.get(k)) {
                    case READY -> ready.add(advancing.get(k));
                    case PAUSED -> paused.add(advancing.get(k));
                    case OVER -> {}
                }
            }
            advancing = paused;
        }
        return ready;
    }

    private List<Advanced> advanceAll(List<J> jobs) {
        if (helpers == null || jobs.size() == 1) {
            return jobs.stream().map(j -> advance(j)).toList();
        }
        List<CompletableFuture<Advanced>> all = jobs.stream()
                .map(j -> CompletableFuture.supplyAsync(() -> advance(j), helpers))
                .toList();
        return all.stream().map(CompletableFuture::join).toList();
    }

    private static Advanced advance(Job job) {
        try {
            return !job.advance() ? Advanced.OVER : job.paused() ? Advanced.PAUSED : Advanced.READY;
        } catch (Throwable t) {
            job.fail(t);
            return Advanced.OVER;
        }
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
        if (helpers != null) {
            helpers.shutdown();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
