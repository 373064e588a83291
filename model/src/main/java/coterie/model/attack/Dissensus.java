package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Dissensus: sends to user i what drives it away from its honest neighbours, x_i − ε Σ_k W_ik (x_k − x_i) / Σ_b W_ib,
 * over its honest neighbours k and attackers b among its neighbours. He, Karimireddy, Jaggi, "Byzantine-robust
 * decentralized learning via ClippedGossip", 2022, arXiv 2202.01545. As attackers do not know the receiver's trust, all
 * weights are equal: the divisor is the number of attackers. x_i and x_k are the newest that the attacker has received.
 * If it has received nothing of i, or of none of its neighbours, it sends its own. Predictions are honest.
 *
 * <p>Worked example: the receiver has (1, 1), its two known honest neighbours (2, 1) and (4, 3), and two attackers
 * among its neighbours. The sum is (1, 0) + (3, 2) = (4, 2), and ε = 1.5 sends (1, 1) − 1.5 (4, 2) / 2 = (−2, −0.5).
 */
@Component(
        name = "dissensus",
        about = "sends each neighbour what drives it away from its honest neighbours, by epsilon")
public record Dissensus(@Setting("1.5") double epsilon) implements Attack {
    public Dissensus {
        Checks.positive("epsilon", epsilon);
    }

    @Override
    public boolean needsOthers() {
        return true;
    }

    @Override
    public boolean eachReceiver() {
        return true;
    }

    @Override
    public Snapshot forge(Occasion now) {
        Snapshot mine = now.of(now.receiver().user());
        if (mine == null) {
            return now.honest();
        }
        float[] x = mine.values();
        double[] sum = new double[x.length];
        boolean any = false;
        for (int user : now.receiver().honest()) {
            Snapshot other = now.of(user);
            if (other != null) {
                any = true;
                for (int k = 0; k < sum.length; k++) {
                    sum[k] += (double) other.values()[k] - x[k];
                }
            }
        }
        double by = epsilon / Math.max(1, now.receiver().attackers());
        return any
                ? Forged.of(now.honest(), k -> x[k] - by * sum[k], now.honest().predictions())
                : now.honest();
    }
}
