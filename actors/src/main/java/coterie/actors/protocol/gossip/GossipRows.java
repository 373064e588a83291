package coterie.actors.protocol.gossip;

import coterie.actors.protocol.RowCalculator;
import coterie.actors.schedule.TurnSchedule;
import coterie.model.protocol.AgedModel;
import java.util.Arrays;

/** Recomputes the weights of gossip learning: models are merged one after another, by their ages. */
final class GossipRows implements RowCalculator {
    private final TurnSchedule schedule;
    /** Of the user's model; null if unknown. */
    private Long age = 0L;

    GossipRows(TurnSchedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public void turnEnded(int turn, boolean trained) {
        if (age != null && trained) {
            age += schedule.turn(turn).iterations();
        }
    }

    @Override
    public void restarted() {
        age = 0L;
    }

    /** The age of the model that is sent. */
    @Override
    public Object note() {
        return age;
    }

    @Override
    public double[] weights(Row row) {
        if (age == null || row.used() == null || row.used().stream().anyMatch(u -> u.note() == null)) {
            age = null;
            return null;
        }
        double[] weights = new double[row.users().length];
        weights[row.self()] = 1;
        for (Used u : row.used()) {
            AgedModel mine = new AgedModel(null, age);
            AgedModel theirs = new AgedModel(null, (Long) u.note());
            double share = mine.weight(theirs);
            for (int k = 0; k < weights.length; k++) {
                weights[k] *= share;
            }
            weights[Arrays.binarySearch(row.users(), u.sender())] += 1 - share;
            age = Math.max(age, theirs.age());
        }
        return weights;
    }
}
