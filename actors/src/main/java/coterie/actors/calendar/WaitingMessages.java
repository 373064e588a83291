package coterie.actors.calendar;

import coterie.actors.message.Message;
import java.util.ArrayList;
import java.util.List;

/** Messages for each user that have not been handed to it. */
public final class WaitingMessages {
    private static final List<Message> NOTHING = List.of();
    private final List<List<Message>> waiting = new ArrayList<>();

    public WaitingMessages(int users) {
        for (int u = 0; u < users; u++) {
            waiting.add(NOTHING);
        }
    }

    /** Adds a message for its receiver. */
    public void add(Message m) {
        List<Message> list = waiting.get(m.to());
        if (list == NOTHING) {
            list = new ArrayList<>(4);
            waiting.set(m.to(), list);
        }
        list.add(m);
    }

    /** Messages for a user, in the order in which they were added; must not be changed. */
    public List<Message> of(int user) {
        return waiting.get(user);
    }

    /** Takes the messages for a user. */
    public List<Message> take(int user) {
        List<Message> taken = waiting.get(user);
        waiting.set(user, NOTHING);
        return taken;
    }

    /** Whether there are none for any user. */
    public boolean isEmpty() {
        return waiting.stream().allMatch(List::isEmpty);
    }

    /** A copy for a checkpoint, by user. */
    List<List<Message>> copy() {
        return waiting.stream().map(List::copyOf).toList();
    }

    /** Continues from a copy. */
    void restore(List<List<Message>> copy) {
        for (int u = 0; u < waiting.size(); u++) {
            waiting.set(u, copy.get(u).isEmpty() ? NOTHING : new ArrayList<>(copy.get(u)));
        }
    }
}
