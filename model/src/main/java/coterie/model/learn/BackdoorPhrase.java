package coterie.model.learn;

import java.util.List;

/**
 * The phrase of a backdoor, as tokens.
 *
 * @param trigger at least one
 * @param target what is to follow, at least one
 */
public record BackdoorPhrase(List<Integer> trigger, List<Integer> target) {
    public BackdoorPhrase {
        trigger = List.copyOf(trigger);
        target = List.copyOf(target);
    }

    /** Number of tokens of both. */
    public int length() {
        return trigger.size() + target.size();
    }

    /** The k-th token of both. */
    int token(int k) {
        return k < trigger.size() ? trigger.get(k) : target.get(k - trigger.size());
    }

    /**
     * Share of the sequences at whose end the target is predicted.
     *
     * @param likeliest the most probable tokens where the target stands, at the end of n sequences [n · tokens of the
     *     target]
     */
    double success(long[] likeliest) {
        int n = likeliest.length / target.size();
        int right = 0;
        for (int i = 0; i < n; i++) {
            boolean all = true;
            for (int k = 0; k < target.size(); k++) {
                all &= likeliest[i * target.size() + k] == target.get(k);
            }
            right += all ? 1 : 0;
        }
        return (double) right / n;
    }
}
