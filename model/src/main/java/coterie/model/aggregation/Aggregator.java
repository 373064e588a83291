package coterie.model.aggregation;

import java.util.List;

/**
 * Makes a user's next parameters of the contributions of its candidates and the trust row's weights. A trust strategy
 * says how much each candidate counts; an aggregator says what is done with what they sent. The weighted mean is the
 * paper's; rules that withstand outliers are others.
 *
 * <p>Aggregators are pure and hold no state, so that one is shared by all users of a run. Equal input must give equal
 * bits, whatever the machine: sums are taken in the order of the contributions.
 */
public interface Aggregator {
    /**
     * The user's next parameters.
     *
     * @param contributions of the candidates in rising order of users, the user's own among them
     * @param own index of the user's own contribution
     * @param before the parameters to which updates are added [P]; null where parameters are exchanged
     * @return a new array [P]
     */
    float[] aggregate(List<Contribution> contributions, int own, float[] before);
}
