package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * "A little is enough": sends μ − z σ, element by element, where μ and σ are mean and standard deviation of what the
 * attacker knows of honest users: so near to their values that the attack hides among them. Predictions are honest.
 * Baruch, Baruch, Goldberg, "A little is enough: circumventing defenses for distributed learning", NeurIPS 2019, arXiv
 * 1902.06156. Unset, z is the paper's: with n users, m of them attackers, s = ⌊n/2 + 1⌋ − m honest users must be
 * convinced, and z is the largest number with Φ(z) ≤ (n − m − s) / (n − m), not below 0.
 *
 * <p>Worked example: (1, 4), (3, 4) and (5, 4) are known. μ = (3, 4), σ = (1.633, 0), and z = 1.5 sends (0.551, 4). The
 * paper's z for n = 50, m = 12 is Φ⁻¹(24/38) = 0.336.
 *
 * @param z null for the paper's
 */
@Component(
        name = "alie",
        about = "a little is enough: mean - z standard deviations of what honest users send; z unset: as in the paper")
public record LittleIsEnough(@Setting Double z) implements Attack {
    public LittleIsEnough {
        if (z != null) {
            Checks.notNegative("z", z);
        }
    }

    @Override
    public boolean needsOthers() {
        return true;
    }

    @Override
    public Snapshot forge(Occasion now) {
        double by = z != null ? z : fromCounts(now.users(), now.attackers());
        double[] mean = now.mean();
        double[] deviation = now.deviation(mean);
        return Forged.of(
                now.honest(), k -> mean[k] - by * deviation[k], now.honest().predictions());
    }

    /**
     * The paper's z.
     *
     * @param n number of users
     * @param m number of attackers; if they are the majority and need convince no other, z is about 6
     */
    static double fromCounts(int n, int m) {
        int convinced = n / 2 + 1 - m;
        double share = (double) (n - m - convinced) / (n - m);
        return share <= 0.5 ? 0 : NormalQuantile.of(Math.min(share, NormalQuantile.LARGEST));
    }
}
