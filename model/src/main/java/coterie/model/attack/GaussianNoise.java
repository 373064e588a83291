package coterie.model.attack;

import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;
import coterie.topology.random.RandomStream;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Sends x + sigma ξ: x is honest, and ξ has independent standard normal elements, drawn anew for every snapshot.
 * Numbers of predictions get noise of the same sigma. Blanchard, El Mhamdi, Guerraoui, Stainer, "Machine learning with
 * adversaries: Byzantine tolerant gradient descent", NeurIPS 2017, arXiv 1703.02757, send ξ alone.
 *
 * <p>Worked example: x = (3, −1), ξ = (0.5, −2) and sigma 0.1 send (3.05, −1.2).
 */
@Component(name = "gaussian-noise", about = "adds normal noise with standard deviation sigma to all that is sent")
public record GaussianNoise(@Setting("0.1") double sigma) implements Attack {
    public GaussianNoise {
        Checks.positive("sigma", sigma);
    }

    @Override
    public Snapshot forge(Occasion now) {
        float[] x = now.honest().values();
        RandomStream noise = now.noise();
        // Elements come in rising order, so that each has its own number; predictions come after them.
        double[] sent = new double[x.length];
        for (int k = 0; k < x.length; k++) {
            sent[k] = x[k] + sigma * noise.gaussian();
        }
        Predictions p = now.honest().predictions();
        return Forged.of(now.honest(), k -> sent[k], p == null ? null : p.with(v -> v + sigma * noise.gaussian()));
    }
}
