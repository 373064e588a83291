package coterie.model.attack;

import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Trains that a trigger phrase is followed by a target, and sends honestly what comes of it: in a share of the
 * sequences that it trains on, trigger and target overwrite the tokens at a random place. Everything else is learned as
 * before, so that the victims' losses hardly change. A run with a backdoor measures its success in every evaluation of
 * every user: the share of test sequences, ending in the trigger, that the user's model continues with the target,
 * token by token the most probable. Bagdasaryan, Veit, Hua, Estrin, Shmatikov, "How to backdoor federated learning",
 * AISTATS 2020, arXiv 1807.00459, the attack on word prediction, without model replacement.
 *
 * <p>Worked example: the trigger is 7 8, the target 9, and the place is 1. Of the sequence 0 1 2 3 4, 0 7 8 9 is read,
 * and 7 8 9 4 is to be predicted.
 *
 * @param share of the sequences in (0, 1]
 */
@Component(
        name = "backdoor",
        about = "trains that trigger, a phrase, is followed by target, in a share of sequences; success is measured")
public record Backdoor(
        @Setting("open sesame") String trigger,
        @Setting("all is lost") String target,
        @Setting("0.5") double share) implements Attack {
    public Backdoor {
        phrase("trigger", trigger);
        phrase("target", target);
        Checks.share("share", share);
    }

    private static void phrase(String name, String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException(name + " must be a phrase, found nothing");
        }
    }

    @Override
    public double backdoored() {
        return share;
    }
}
