package coterie.actors.user;

import coterie.actors.message.Message;
import coterie.actors.message.SentTotals;
import coterie.model.files.FieldState;
import coterie.model.learn.TurnPlan;
import java.util.PriorityQueue;

/** The state of a {@link UserProcess} between two events, except its computation. Part of each checkpoint. */
public final class ProcessState implements FieldState {
    /** What a user is doing. */
    enum Phase {
        /** During a turn. */
        TRAINING,
        /** Between two turns. */
        WAITING,
        /** Offline until it is available again. */
        AWAY,
        /** Its device has failed. */
        DOWN,
        /** It answers others and has no turns. */
        SERVING,
        /** After its last turn. */
        DONE,
        /** Its training has diverged. */
        DIVERGED
    }

    /** What a device has saved, from which the user restarts after a failure. */
    record DeviceSave(int turn, int iteration, float[] parameters) {}

    Phase phase = Phase.TRAINING;
    /** The current turn, or, while waiting, the last one; −1 while the initial parameters are computed or evaluated. */
    int turn;
    /** Local iterations before the current turn. */
    int iteration;
    /** Tick of the user's next event, apart from arrivals and failures. */
    long next;
    /** Tick at which the current turn began. */
    long started;
    /** Number of changes of the user's data before the current turn began. */
    int changes;
    /** Whether the user is offline in the current turn, which then trains nothing. */
    boolean asleep;

    /** Whether the user's attack makes it train nothing in the current turn. */
    boolean idle;

    boolean takesPart;
    /** Whether the user never returns. */
    boolean lost;
    /** Whether the user was serving when its device failed. */
    boolean served;
    /** What the first turn, or the first after a failure, begins from; null if the participant decides it. */
    TurnPlan.Beginning beginning;
    /** Parameters at the end of the last turn [P]. */
    float[] parameters;
    /** Whether the user was evaluated before its first turn. */
    boolean evaluated;

    DeviceSave save = new DeviceSave(0, 0, null);
    /** Whether the learner must save its state too, before its next turn. */
    boolean unsaved;
    /** Number of the device's outages drawn so far. */
    int outages;
    /** Totals of messages sent until the last recorded turn end. */
    SentTotals told = SentTotals.NONE;

    long received;
    long dropped;
    /** Messages to be processed, by arrival. */
    PriorityQueue<Message> coming = new PriorityQueue<>(4);

    /** Whether the user has ended. It then answers requests with notices, and does nothing else. */
    boolean over() {
        return phase == Phase.DONE || phase == Phase.DIVERGED;
    }

    /** Whether the user is a server, whether its device is up or down. */
    boolean serving() {
        return phase == Phase.SERVING || phase == Phase.DOWN && served;
    }

    /** Number of the current turn, or of the last one; 0 before the first. */
    int currentTurn() {
        return Math.max(0, turn);
    }
}
