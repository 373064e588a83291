package coterie.actors.clock;

import coterie.actors.checkpoint.Checkpoints;
import coterie.actors.checkpoint.ClockState;
import coterie.actors.checkpoint.RunCheckpoint;
import coterie.actors.checkpoint.RunCodec;
import coterie.actors.checkpoint.UserCheckpoint;
import coterie.model.exchange.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Saves to memory, as bytes, each time that a given number of turns has ended. */
public final class MemoryCheckpoints implements Checkpoints {
    private final long every;
    private final Supplier<Integer> mark;
    private final List<RunCheckpoint> saved = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final List<Snapshot.Key> lost = new ArrayList<>();
    private long last;

    /** @param mark called when a checkpoint begins: the current position of the records */
    public MemoryCheckpoints(long every, Supplier<Integer> mark) {
        this.every = every;
        this.mark = mark;
    }

    public List<RunCheckpoint> saved() {
        return saved;
    }

    /** Snapshots in transit in a checkpoint that the checkpoint does not contain. */
    public List<Snapshot.Key> lost() {
        return lost;
    }

    /** Of each checkpoint. */
    public List<Integer> marks() {
        return marks;
    }

    @Override
    public boolean due(long turns) {
        boolean due = turns >= last + every;
        last = due ? turns : last;
        return due;
    }

    @Override
    public Writing begin() {
        InMemory run = new InMemory();
        int begun = mark.get();
        return new Writing() {
            @Override
            public void user(UserCheckpoint u) {
                run.users.put(u.user(), u);
                u.snapshots().forEach(run::keep);
            }

            @Override
            public void finish(ClockState clock) {
                List<Snapshot> met = new ArrayList<>();
                run.clock = RunCodec.STANDARD.write(clock, met::add);
                met.forEach(run::keep);
                met.stream()
                        .map(Snapshot::key)
                        .filter(k -> !run.snapshots.containsKey(k))
                        .forEach(lost::add);
                saved.add(run);
                marks.add(begun);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    /** A saved run, as bytes only. */
    private static final class InMemory implements RunCheckpoint {
        private final Map<Integer, UserCheckpoint> users = new HashMap<>();
        private final Map<Snapshot.Key, byte[]> snapshots = new HashMap<>();
        private byte[] clock;

        private void keep(Snapshot s) {
            if (s.values() == null) {
                return;
            }
            snapshots.put(s.key(), RunCodec.STANDARD.whole(s));
        }

        @Override
        public int users() {
            return users.size();
        }

        @Override
        public ClockState clock() {
            return read(this::snapshot);
        }

        @Override
        public ClockState clockWithoutSnapshots() {
            return read(Snapshot::absent);
        }

        private ClockState read(Function<Snapshot.Key, Snapshot> from) {
            try {
                return (ClockState) RunCodec.STANDARD.read(clock, from);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public byte[] user(int user) {
            return users.get(user).state();
        }

        @Override
        public List<Snapshot.Key> refersTo(int user) {
            return users.get(user).refersTo();
        }

        @Override
        public Snapshot snapshot(Snapshot.Key key) {
            try {
                return (Snapshot) RunCodec.STANDARD.readWhole(snapshots.get(key));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
