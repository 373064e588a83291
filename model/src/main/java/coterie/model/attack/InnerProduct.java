package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Inner-product manipulation: sends o − ε mean(x_i − o) over what the attacker knows of honest users, so that the inner
 * product of the mean of all with the honest mean becomes negative. o is the user's start where parameters are sent,
 * and 0 where updates are. Numbers of the attacker's own predictions are multiplied by −ε. Xie, Koyejo, Gupta, "Fall of
 * empires: breaking Byzantine-tolerant SGD by inner product manipulation", UAI 2019, arXiv 1903.03936; ε from 0.1 to 2
 * in experiments.
 *
 * <p>Worked example: o = (1, 0); (3, −1) and (5, 1) are known, so that their mean is (3, 0) from o. ε = 0.5 sends
 * (−0.5, 0).
 */
@Component(
        name = "ipm",
        about = "inner-product manipulation: the opposite of what honest users have learned on average, times epsilon")
public record InnerProduct(@Setting("0.5") double epsilon) implements Attack {
    public InnerProduct {
        Checks.positive("epsilon", epsilon);
    }

    @Override
    public Snapshot forge(Occasion now) {
        double[] mean = now.mean();
        float[] o = now.origin();
        return Forged.of(
                now.honest(),
                o == null ? k -> -epsilon * mean[k] : k -> o[k] - epsilon * (mean[k] - o[k]),
                Moved.predictions(now, -epsilon));
    }
}
