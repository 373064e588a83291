package coterie.model.attack;

import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Publishes every snapshot several times in the same instant: each copy is a message of its own, which loads the links
 * that others use, and under gossip learning is merged once more. A flooding attack (Handley, Rescorla, "Internet
 * denial-of-service considerations", RFC 4732, 2006) on snapshots.
 *
 * <p>Worked example: a user with two neighbours and times: 3 sends six messages in a turn. A gossip receiver with 0 and
 * an equally old model merges 8 three times, to 4, 6 and 7.
 *
 * @param attack what is sent; null for honest snapshots
 */
@Component(
        name = "flooding",
        about = "publishes every snapshot several times; attack: another attack that says what is sent, unset: honest")
public record Flooding(@Setting("10") int times, @Setting Attack attack) implements Wrapping {
    private static final int MOST = 1000;

    public Flooding {
        if (times < 2 || times > MOST) {
            throw new IllegalArgumentException("times must be 2 to " + MOST + ", found " + times);
        }
    }
}
