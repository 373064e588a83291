package coterie.model.trust;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What {@link AdaptiveRefresh} remembers of one user's turns.
 *
 * @param speed expected movement of the trust row in total variation per turn
 * @param credit number of measurements that may be made; negative if more were made than are earned
 * @param partial number of measurements since all candidates were measured
 * @param trusted users that matter for the row, in ascending order
 * @param seen turn of the newest snapshot of each user that was a candidate
 * @param alarms alarms, and what they have made suspect
 */
public record AdaptiveMemory(
        double speed, double credit, double partial, List<Integer> trusted, Map<Integer, Integer> seen, Alarms alarms)
        implements Refresh.Memory {
    /** The memory before the first turn. */
    static final AdaptiveMemory NONE = new AdaptiveMemory(0, 0, 0, List.of(), Map.of(), Alarms.NONE);

    /**
     * Alarms, which make scores suspect without a measurement.
     *
     * @param loss compares the user's training loss with that of the turns before
     * @param moves compare how far a neighbour's snapshot has moved with its moves before, by user
     * @param all whether all scores are suspect: measured before an alarm about the loss
     * @param suspects users whose scores were measured before an alarm about their snapshots, in ascending order
     * @param open whether trust still moves after an alarm
     */
    public record Alarms(
            RiseAlarm loss, Map<Integer, RiseAlarm> moves, boolean all, List<Integer> suspects, boolean open) {
        /** Before the first turn. */
        static final Alarms NONE = new Alarms(RiseAlarm.NONE, Map.of(), false, List.of(), false);

        private Alarms trained(double trainingLoss) {
            RiseAlarm next = loss.after(trainingLoss);
            boolean rings = !Double.isNaN(trainingLoss) && next.rings();
            return new Alarms(next, moves, all || rings, suspects, open || rings);
        }

        private Alarms seen(Refresh.Occasion now) {
            Map<Integer, RiseAlarm> next = new HashMap<>(moves);
            TreeSet<Integer> suspicious = new TreeSet<>(suspects);
            boolean rings = false;
            for (int k = 0; k < now.moved().length; k++) {
                int user = now.candidates().get(k).user();
                if (k != now.own() && !Double.isNaN(now.moved()[k])) {
                    RiseAlarm alarm = next.getOrDefault(user, RiseAlarm.NONE).after(now.moved()[k]);
                    next.put(user, alarm);
                    if (alarm.rings()) {
                        suspicious.add(user);
                        rings = true;
                    }
                }
            }
            return new Alarms(loss, next, all, List.copyOf(suspicious), open || rings);
        }

        /**
         * Returns the alarms after a measurement.
         *
         * @param full whether all candidates were measured
         * @param measured users
         * @param moving whether it moved the row much
         */
        Alarms answered(boolean full, List<Integer> measured, boolean moving) {
            TreeSet<Integer> left = new TreeSet<>(suspects);
            measured.forEach(left::remove);
            return new Alarms(loss, moves, all && !full, List.copyOf(left), open && (measured.isEmpty() || moving));
        }
    }

    /** Returns the memory after a turn with this training loss in nats; NaN if nothing was trained. */
    AdaptiveMemory trained(double trainingLoss) {
        return with(alarms.trained(trainingLoss));
    }

    /** Returns the memory when the snapshots of a mixing are known. */
    AdaptiveMemory seen(Refresh.Occasion now) {
        return with(alarms.seen(now));
    }

    private AdaptiveMemory with(Alarms other) {
        return new AdaptiveMemory(speed, credit, partial, trusted, seen, other);
    }
}
