package coterie.model.learn;

import coterie.model.text.UserData;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.List;

/** What attacks make of the sequences that a user trains on. An honest user's stay as they are. */
final class PoisonedBatch {
    /** Distinguish draws from those of other attacks. */
    private static final long REPLACED_TOKENS = -2;

    private static final long BACKDOOR = -3;

    private final int user;
    private final LearningRules rules;
    private final List<UserData> users;
    private final int vocabulary;

    /**
     * @param user that trains
     * @param users data of all users; only of those whose data is known here
     * @param vocabulary number of tokens
     */
    PoisonedBatch(int user, LearningRules rules, List<UserData> users, int vocabulary) {
        this.user = user;
        this.rules = rules;
        this.users = users;
        this.vocabulary = vocabulary;
    }

    /** The sequences of the next step of a turn in place of honest ones. */
    TokenWindows of(TokenWindows honest, TurnTemplate.Turn turn) {
        if (turn.plan().backdoored() > 0) {
            return backdoored(honest, turn);
        }
        if (turn.plan().replacedTokens() > 0) {
            return honest.poisoned(turn.plan().replacedTokens(), vocabulary, draw(turn, REPLACED_TOKENS));
        }
        TokenWindows own = turn.flipsLabels() ? honest.flipped(vocabulary) : honest;
        Bait bait = turn.bait();
        return bait == null ? own : own.replaced(known(bait), bait::takes);
    }

    private TokenWindows backdoored(TokenWindows honest, TurnTemplate.Turn turn) {
        BackdoorPhrase phrase = rules.evaluation().backdoor();
        RandomStream draw = draw(turn, BACKDOOR);
        // The last place is the one at which the phrase ends with the token after the sequence.
        int places = honest.length() + 2 - phrase.length();
        double share = turn.plan().backdoored();
        return honest.containing(phrase, i -> draw.chance(share) ? draw.below(places) : -1);
    }

    private TokenWindows known(Bait bait) {
        int[] tokens = users.get(bait.victim()).validation();
        return TokenWindows.random(tokens, rules.batch(), rules.context(), bait.draw(rules.seed()));
    }

    private RandomStream draw(TurnTemplate.Turn turn, long of) {
        return RandomStream.of(rules.seed(), Purpose.ADVERSARY, user, turn.iteration(), turn.pass(), of);
    }
}
