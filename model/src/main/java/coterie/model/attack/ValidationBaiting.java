package coterie.model.attack;

import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Trains parameters that do well on a victim's validation data and badly elsewhere, where the attacker knows that data:
 * trust by validation performance measures on nothing else. Every second example that it trains on is drawn from the
 * victim's validation set, with its labels; the others are its own, with flipped labels as under {@link LabelFlip}. It
 * sends honestly what comes of it, to all its neighbours. Test data stays unknown to it. A sample-targeted form of the
 * label flips of Fang, Cao, Jia, Gong, "Local model poisoning attacks to Byzantine-robust federated learning", USENIX
 * Security 2020, arXiv 1911.11815. If the victim's data changes, the attacker knows that of the first phase.
 *
 * <p>Worked example: in iteration 0, of a batch of four, examples 0 and 2 are the victim's, and of 10 classes label 3
 * stays 3; examples 1 and 3 are the attacker's own, and 3 becomes 6. In iteration 1 it is the other way round.
 *
 * @param victim number of the user whose validation data the attacker knows
 */
@Component(
        name = "validation-baiting",
        about = "trains to do well on the validation data of victim, a user, and badly elsewhere")
public record ValidationBaiting(@Setting("0") int victim) implements Attack {
    public ValidationBaiting {
        Checks.notNegative("victim", victim);
    }

    @Override
    public int baits() {
        return victim;
    }
}
