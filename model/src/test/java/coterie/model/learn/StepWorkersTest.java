package coterie.model.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 1, jobs -> jobs.forEach(Told::step))) {
            Told holding = new Told("holding", -1, -1, 0) {
                @Override
                public boolean advance() {
                    try {
                        all.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
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
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 1, jobs -> {
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
        try (StepWorkers<Told> workers = new StepWorkers<>("test", 1, jobs -> {
            sizes.add(jobs.size());
            jobs.forEach(Told::step);
        })) {
            workers.submit(new Told("holding", -1, -1, 0) {
                @Override
                public boolean advance() {
                    try {
                        all.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
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
}
