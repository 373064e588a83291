package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** In what order one worker takes the steps of several turns. */
class StepWorkersTest {
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    /** First tells something, due at {@code first}; then takes steps until its end. */
    private class Told implements StepWorkers.Job {
        private final String name;
        private final long first;
        private final long end;
        private final CountDownLatch over = new CountDownLatch(1);
        private int most = 1;
        private int steps;
        private boolean told;

        Told(String name, long first, long end, int steps) {
            this.name = name;
            this.first = first;
            this.end = end;
            this.steps = steps;
        }

        @Override
        public boolean advance() {
            if (!told) {
                told = true;
                done.add(name + " tells");
            }
            if (steps == 0) {
                done.add(name + " ends");
                over.countDown();
            }
            return steps > 0;
        }

        @Override
        public long due() {
            return told ? end : first;
        }

        @Override
        public int most() {
            return most;
        }

        void step() {
            steps--;
            done.add(name + " steps");
        }

        @Override
        public void fail(Throwable reason) {
            done.add(name + " fails");
            over.countDown();
        }
    }

    @Test
    void whatIsNeededFirstIsComputedFirst() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(1);
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 1, () -> {}, jobs -> jobs.forEach(Told::step))) {
            Told holding = new Told("holding", -1, -1, 0) {
                @Override
                public boolean advance() {
                    StepWorkersTest.await(all);
                    return super.advance();
                }
            };
            workers.submit(holding);
            List<Told> jobs = List.of(
                    new Told("late", 0, 30, 1),
                    new Told("early", 0, 10, 2),
                    new Told("between", 5, 20, 1),
                    new Told("last", 0, 30, 1));
            jobs.forEach(workers::submit);
            all.countDown();
            for (Told j : jobs) {
                j.over.await();
            }
        }
        assertThat(done)
                .containsExactly(
                        "holding tells",
                        "holding ends",
                        "late tells",
                        "early tells",
                        "last tells",
                        "between tells",
                        "early steps",
                        "early steps",
                        "early ends",
                        "between steps",
                        "between ends",
                        "late steps",
                        "late ends",
                        "last steps",
                        "last ends");
    }

    /** What has become urgent while a turn is computed goes first, at the next step. */
    @Test
    void aTurnMakesWayForOneThatIsNeededEarlier() throws InterruptedException {
        List<Told> urgent = new ArrayList<>();
        AtomicReference<StepWorkers<Told>> self = new AtomicReference<>();
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 1, () -> {}, jobs -> {
            jobs.forEach(Told::step);
            if (urgent.isEmpty()) {
                urgent.add(new Told("urgent", 1, 1, 1));
                self.get().submit(urgent.get(0));
            }
        })) {
            self.set(workers);
            Told patient = new Told("patient", 50, 50, 3);
            workers.submit(patient);
            patient.over.await();
            urgent.get(0).over.await();
        }
        assertThat(done.indexOf("urgent tells")).isLessThan(done.lastIndexOf("patient steps"));
        assertThat(done).endsWith("patient ends").doesNotContain("urgent fails", "patient fails");
    }

    /** A pass has as many users as each of them allows. */
    @Test
    void noPassIsLargerThanAnyOfItsUsersAllows() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(1);
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 1, () -> {}, jobs -> {
            sizes.add(jobs.size());
            jobs.forEach(Told::step);
        })) {
            workers.submit(new Told("holding", -1, -1, 0) {
                @Override
                public boolean advance() {
                    StepWorkersTest.await(all);
                    return super.advance();
                }
            });
            List<Told> jobs = new ArrayList<>();
            for (int k = 0; k < 9; k++) {
                Told job = new Told("job " + k, 0, 0, 1);
                job.most = k < 6 ? 4 : 2;
                jobs.add(job);
                workers.submit(job);
            }
            all.countDown();
            for (Told j : jobs) {
                j.over.await();
            }
        }
        assertThat(sizes).containsExactly(4, 2, 2, 1);
    }

    /** Pauses before it tells, for something that the worker computes for all jobs that pause. */
    private final class Pausing extends Told {
        private boolean paused;

        Pausing(String name, int steps) {
            super(name, 0, 0, steps);
            super.most = 2;
        }

        @Override
        public boolean advance() {
            paused = !paused && !super.told;
            return paused || super.advance();
        }

        @Override
        public boolean paused() {
            return paused;
        }
    }

    private StepWorkers.Stepper<Told> foreseeing(CountDownLatch go) {
        return new StepWorkers.Stepper<>() {
            @Override
            public void step(List<Told> jobs) {
                jobs.forEach(Told::step);
            }

            @Override
            public void foresee(List<Told> jobs) {
                StepWorkersTest.await(go);
                done.add("foresees " + jobs.stream().map(j -> j.name).toList());
                if (jobs.stream().anyMatch(j -> j.name.equals("bad") && j.paused())) {
                    throw new IllegalStateException("nothing to be foreseen");
                }
            }
        };
    }

    @Test
    void whatPausedJobsNeedIsComputedForAllOfThem() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(1);
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 1, () -> {}, foreseeing(all))) {
            // The worker holds it until all jobs are there.
            Told first = new Told("first", -1, -1, 0);
            workers.submit(first);
            List<Told> jobs = List.of(new Pausing("a", 1), new Pausing("b", 0));
            jobs.forEach(workers::submit);
            all.countDown();
            for (Told j : jobs) {
                j.over.await();
            }
        }
        assertThat(done.subList(done.indexOf("foresees [a, b]"), done.size()))
                .containsExactly(
                        "foresees [a, b]",
                        "foresees [a, b]",
                        "a tells",
                        "b tells",
                        "b ends",
                        "a steps",
                        "foresees [a]",
                        "a ends");
    }

    @Test
    void jobsForWhichNothingCanBeComputedFail() throws InterruptedException {
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 1, () -> {}, foreseeing(new CountDownLatch(0)))) {
            Told bad = new Pausing("bad", 1);
            workers.submit(bad);
            bad.over.await();
            Told good = new Pausing("good", 1);
            workers.submit(good);
            good.over.await();
        }
        assertThat(done).contains("bad fails", "good ends").doesNotContain("bad tells", "good fails");
    }

    /** Two jobs of one worker, each of which advances only beside the other. */
    @Test
    void helpersAdvanceSeveralJobsAtATime() throws InterruptedException {
        CountDownLatch submitted = new CountDownLatch(1);
        CountDownLatch both = new CountDownLatch(2);
        class Meeting extends Told {
            private boolean met;

            Meeting(String name) {
                super(name, 0, 0, 1);
                super.most = 2;
            }

            @Override
            public boolean advance() {
                both.countDown();
                try {
                    met |= both.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.advance();
            }
        }
        List<Meeting> jobs = List.of(new Meeting("a"), new Meeting("b"));
        try (StepWorkers<Told> workers =
                new StepWorkers<>("test", 1, 2, () -> done.add("prepares"), all -> all.forEach(Told::step))) {
            workers.submit(new Told("holding", -1, -1, 0) {
                @Override
                public boolean advance() {
                    StepWorkersTest.await(submitted);
                    return super.advance();
                }
            });
            jobs.forEach(workers::submit);
            submitted.countDown();
            for (Told j : jobs) {
                j.over.await();
            }
        }
        assertThat(jobs).allMatch(j -> j.met);
        assertThat(done)
                .contains("a tells", "b tells", "a steps", "b steps", "a ends", "b ends")
                .filteredOn("prepares"::equals)
                .hasSize(3);
    }

    /** A step that fails ends all jobs of its pass, and the worker goes on with others. */
    @Test
    void aStepThatFailsFailsItsJobsAlone() throws InterruptedException {
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 1, () -> {}, jobs -> {
            if (jobs.get(0).name.startsWith("bad")) {
                throw new IllegalStateException("no such step");
            }
            jobs.forEach(Told::step);
        })) {
            Told bad = new Told("bad", 0, 0, 2);
            Told good = new Told("good", 1, 1, 2);
            workers.submit(bad);
            workers.submit(good);
            bad.over.await();
            good.over.await();
        }
        assertThat(done).contains("bad fails", "good ends").doesNotContain("bad steps", "good fails", "bad ends");
    }

    @Test
    void aJobWhoseAdvanceFailsIsToldWhy() throws InterruptedException {
        AtomicReference<Throwable> why = new AtomicReference<>();
        IllegalStateException broken = new IllegalStateException("broken");
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 2, () -> {}, jobs -> jobs.forEach(Told::step))) {
            Told job = new Told("broken", 0, 0, 1) {
                @Override
                public boolean advance() {
                    throw broken;
                }

                @Override
                public void fail(Throwable reason) {
                    why.set(reason);
                    super.fail(reason);
                }
            };
            workers.submit(job);
            job.over.await();
        }
        assertThat(why.get()).isSameAs(broken);
    }

    /** Closing fails the jobs that wait, after the step under way; a job submitted later fails at once. */
    @Test
    void closingFailsWhatWaits() throws InterruptedException {
        CountDownLatch stepping = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        StepWorkers<Told> workers = new StepWorkers<>("test", 1, () -> {}, jobs -> {
            stepping.countDown();
            await(closing);
            jobs.forEach(Told::step);
        });
        Told underWay = new Told("under way", 0, 0, 5);
        Told waiting = new Told("waiting", 1, 1, 1);
        workers.submit(underWay);
        stepping.await();
        workers.submit(waiting);
        Thread closer = new Thread(workers::close);
        closer.start();
        waiting.over.await();
        closing.countDown();
        closer.join();
        underWay.over.await();
        Told late = new Told("late", 0, 0, 1);
        workers.submit(late);
        late.over.await();
        assertThat(done)
                .containsExactly(
                        "under way tells", "waiting fails", "under way steps", "under way fails", "late fails");
    }

    /** Settling fails all jobs, and the workers take new ones afterwards. */
    @Test
    void settlingEndsTheJobsAndNotTheWorkers() throws InterruptedException {
        CountDownLatch stepping = new CountDownLatch(1);
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 1, () -> {}, jobs -> {
            stepping.countDown();
            jobs.forEach(Told::step);
        })) {
            Told endless = new Told("endless", 0, 0, Integer.MAX_VALUE);
            workers.submit(endless);
            stepping.await();
            workers.settle();
            endless.over.await();
            Told next = new Told("next", 0, 0, 1);
            workers.submit(next);
            next.over.await();
        }
        assertThat(done).contains("endless fails").endsWith("next tells", "next steps", "next ends");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
