package coterie.model.attack;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Gains trust, then turns: sends honest snapshots for some turns, and then moves from them to those of another attack,
 * by one part of the way in each turn: x + λ (a − x), where x is honest, a is the other attack's, and λ = min(1, (t −
 * turns + 1) / over) in turn t since the attack began, from 0. Predictions are honest until λ is 1. The on-off attack
 * on trust (Sun, Han, Liu, "Defense of trust management vulnerabilities in distributed networks", IEEE Communications
 * Magazine 46(2), 2008), turned on once.
 *
 * <p>Worked example: x = (3, −1), a = (−1, 1), turns: 1 and over: 4. Turn 0 sends (3, −1), turn 1 (2, −0.5), turn 2 (1,
 * 0), and turns from 4 on (−1, 1).
 *
 * @param turns in which it is honest
 * @param over number of turns until it sends a alone; 1: at once
 * @param attack that makes a: one that changes what is sent, and nothing else; null for {@link SignFlip} with factor 1
 */
@Component(
        name = "slow-poison",
        about = "is honest for some turns, then turns over some; attack: what is sent then, unset: sign-flip")
public record SlowPoison(
        @Setting("20") int turns,
        @Setting("10") int over,
        @Setting Attack attack) implements Wrapping {
    private static final Attack FLIP = new SignFlip(1);

    public SlowPoison {
        Checks.notNegative("turns", turns);
        Checks.atLeast("over", over, 1);
        if (attack != null
                && (!attack.trains()
                        || attack.flipsLabels()
                        || attack.baits() >= 0
                        || attack.replacedTokens() > 0
                        || attack.backdoored() > 0
                        || attack.versions() != 0
                        || attack.times() > 1
                        || attack.holdsBack())) {
            throw new IllegalArgumentException("attack must change what is sent, and neither training, versions nor"
                    + " when or how often something is sent; found "
                    + attack.getClass().getAnnotation(Component.class).name());
        }
    }

    @Override
    public Snapshot forge(Occasion now) {
        Snapshot honest = now.honest();
        int since = honest.turn() - now.first().turn();
        if (since < turns) {
            return honest;
        }
        Snapshot other = (attack == null ? FLIP : attack).forge(now);
        double share = (since - turns + 1.0) / over;
        if (share >= 1) {
            return other;
        }
        float[] x = honest.values();
        float[] a = other.values();
        return Forged.of(honest, k -> x[k] + share * ((double) a[k] - x[k]), honest.predictions());
    }
}
