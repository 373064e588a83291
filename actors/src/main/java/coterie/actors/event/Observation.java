package coterie.actors.event;

import coterie.actors.message.Payload.Kind;
import coterie.actors.message.Refusal;
import coterie.actors.message.SentTotals;
import coterie.model.learn.Divergence;
import coterie.model.trust.TrustRow;
import coterie.model.utility.Evidence;
import java.util.List;

/** Something that happened to a user and is recorded. {@link #seconds} are virtual. */
public sealed interface Observation {
    double seconds();

    int user();

    /**
     * A turn ended.
     *
     * @param started virtual seconds at which it began
     * @param iteration total number of local iterations
     * @param trainingLoss mean over the turn, in nats; NaN if nothing was trained
     * @param collaborative whether users publish and mix after this turn
     * @param tookPart whether the user did so
     * @param sent since the end of the turn before
     * @param hash of the parameters
     */
    record TurnEnded(
            double seconds,
            int user,
            int turn,
            double started,
            int iteration,
            double trainingLoss,
            long tokens,
            boolean collaborative,
            boolean tookPart,
            SentTotals sent,
            long hash)
            implements Observation {}

    /**
     * What was measured on a user's test set.
     *
     * @param turn number of turns done
     * @param values in the order of the task's metrics, the loss first
     */
    record Evaluated(double seconds, int user, int iteration, int turn, List<Double> values) implements Observation {
        /** The first value. */
        public double loss() {
            return values.get(0);
        }
    }

    /**
     * A user mixed.
     *
     * @param turn after which
     * @param row weights that were used
     * @param versions turn of each candidate's newest snapshot, to which all ages refer
     * @param updates turns of each candidate's updates, in rising order; empty if parameters are exchanged
     * @param secondsOld virtual seconds since each candidate's snapshot was sent; 0 for the user itself
     * @param informationAge virtual seconds since the oldest local step in it began; 0 for the user itself
     */
    record Mixed(
            double seconds,
            int user,
            int turn,
            TrustRow row,
            int[] versions,
            List<int[]> updates,
            double[] secondsOld,
            double[] informationAge)
            implements Observation {
        /** A mixing of parameters. */
        public Mixed(
                double seconds,
                int user,
                int turn,
                TrustRow row,
                int[] versions,
                double[] secondsOld,
                double[] informationAge) {
            this(seconds, user, turn, row, versions, List.of(), secondsOld, informationAge);
        }
    }

    /**
     * The utility of a neighbour for a user was measured, when the user mixed.
     *
     * @param turn after which the user mixed
     * @param neighbour another candidate of the mixing
     * @param version turn of the neighbour's snapshot
     * @param age of the snapshot in versions
     * @param ageSeconds virtual seconds since the snapshot was sent
     * @param utility see {@link coterie.model.utility.UtilityMeter}; minus infinity if it was not finite
     * @param evidence in the order of {@link Evidence}; NaN if it is not measured, minus infinity if it was not finite
     */
    record Utility(
            double seconds,
            int user,
            int turn,
            int neighbour,
            int version,
            int age,
            double ageSeconds,
            double utility,
            double[] evidence)
            implements Observation {
        /** The value of a kind of evidence; NaN if it is not measured. */
        public double evidence(Evidence kind) {
            return evidence[kind.ordinal()];
        }
    }

    /**
     * A message was sent.
     *
     * @param number of messages that the sender had sent before
     * @param delay seconds until it arrives, without the time of the transfer
     */
    record Sent(
            double seconds,
            int user,
            int to,
            long number,
            Kind kind,
            int turn,
            long bytes,
            double delay,
            boolean lost,
            boolean doubled)
            implements Observation {}

    /**
     * A message arrived.
     *
     * @param number of messages that the sender had sent before it
     * @param copy whether it is a second copy
     * @param sent virtual seconds at which it was sent
     * @param taken false if it was dropped, since the user was away or its device down
     */
    record Received(
            double seconds,
            int user,
            int from,
            long number,
            boolean copy,
            Kind kind,
            int turn,
            double sent,
            boolean taken)
            implements Observation {}

    /**
     * A user has refused a message that had arrived: it is as if it had been lost.
     *
     * @param number of messages that the sender had sent before it
     * @param copy whether it is a second copy
     * @param turn that the message claims
     */
    record Refused(double seconds, int user, int from, long number, boolean copy, Kind kind, int turn, Refusal reason)
            implements Observation {}

    /**
     * A device failed.
     *
     * @param turn that is lost, or, between two turns, that has ended
     * @param savedTurn turn with which the user restarts
     * @param until virtual seconds at which it is up again; infinity for never
     */
    record Crashed(double seconds, int user, int turn, int savedTurn, double until) implements Observation {}

    /** A device has restarted, and its user begins this turn. */
    record Restarted(double seconds, int user, int turn, int iteration) implements Observation {}

    /**
     * A user is away, and sleeps.
     *
     * @param turn under way or ended last
     * @param until virtual seconds at which it is back; infinity for never
     */
    record Slept(double seconds, int user, int turn, double until) implements Observation {}

    /**
     * A user is absent: between two of its sessions, or in a turn that it sleeps.
     *
     * @param turn number of turns done
     * @param until virtual seconds at which it is back, unless its device fails; infinity for never
     * @param trains whether it trains meanwhile
     */
    record Absent(double seconds, int user, int turn, double until, boolean trains) implements Observation {}

    /**
     * A user's data has changed: the first turn begins since the change, or since it began if it is gradual.
     *
     * @param turn that begins
     * @param phase of the user's data that begins, from 1
     * @param since virtual seconds of the change
     * @param over virtual seconds in which the new data replaces the old; 0 for an abrupt change
     */
    record Drifted(double seconds, int user, int turn, int phase, double since, double over) implements Observation {}

    /**
     * A user's attack has begun or ended: this is the first turn that begins since.
     *
     * @param turn that begins
     * @param entry number of the attack in the scenario
     * @param attack name of its kind
     * @param begins false if it has ended
     */
    record Attacked(double seconds, int user, int turn, int entry, String attack, boolean begins)
            implements Observation {}

    /**
     * A user's training has ended, since its loss or its parameters are no longer finite.
     *
     * @param turn in which it diverged
     * @param iteration number of local iterations before
     * @param symptom what was not finite
     */
    record Diverged(double seconds, int user, int turn, int iteration, Divergence.Symptom symptom)
            implements Observation {}
}
