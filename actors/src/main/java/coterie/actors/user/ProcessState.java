package coterie.actors.user;

import coterie.actors.message.Message;
import coterie.actors.message.SentTotals;
import coterie.model.files.FieldState;
import coterie.model.learn.TurnPlan;
import java.util.PriorityQueue;

/** What a {@link UserProcess} knows between two events, its computation aside: part of each checkpoint. */
public final class ProcessState implements FieldState {
    /** What a user is doing. */
    enum Phase {
        /** A turn is under way. */
        TRAINING,
        /** Between two turns. */
        WAITING,
        /** Asleep until it is present again. */
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

    /** What a user restarts from after a crash. */
    record Save(int turn, int iteration, float[] parameters) {}

    Phase phase = Phase.TRAINING;
    /** The turn under way, or, while waiting, the one that has ended; −1 while the start is computed. */
    int turn;
    /** Local iterations before the turn under way. */
    int iteration;
    /** Tick of the user's next own event. */
    long next;
    /** Tick at which the turn under way began. */
    long started;
    /** Whether the turn under way trains nothing. */
    boolean asleep;

    boolean takesPart;
    /** Whether the user will never be back. */
    boolean lost;
    /** Of a user whose device is down: whether it was serving. */
    boolean served;
    /** What the first turn, or the first after a crash, begins from; null where the participant decides it. */
    TurnPlan.Beginning beginning;
    /** At the end of the last turn. */
    float[] parameters;
    /** With which the user started; null while unknown. */
    float[] start;

    Save save = new Save(0, 0, null);
    /** Whether the learner must be told with its next turn that its current state is {@link #save}. */
    boolean unsaved;
    /** Outages of the device that have been drawn. */
    int outages;
    /** What was sent until the last turn that was recorded. */
    SentTotals told = SentTotals.NONE;

    long received;
    long dropped;
    /** Messages on their way, by arrival. */
    PriorityQueue<Message> coming = new PriorityQueue<>(4);

    /** Whether the user has ended: it only replies to requests, with notices. */
    boolean over() {
        return phase == Phase.DONE || phase == Phase.DIVERGED;
    }

    /** Whether the user serves, be its device up or down. */
    boolean serving() {
        return phase == Phase.SERVING || phase == Phase.DOWN && served;
    }

    /** Number of the turn under way or ended last; 0 before the first. */
    int currentTurn() {
        return Math.max(0, turn);
    }
}
