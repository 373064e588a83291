package coterie.scenarios.config;

import coterie.model.attack.Attack;
import coterie.model.attack.Attacks;
import coterie.model.attack.Backdoor;
import coterie.model.attack.Knowledge;
import coterie.model.attack.Wrapping;
import coterie.topology.adversary.Adversaries;
import coterie.topology.adversary.Adversary;
import coterie.topology.group.Membership;
import coterie.topology.settings.Component;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Users that attack during a time.
 *
 * @param users see {@link Membership}
 * @param share see {@link Membership}
 * @param ids see {@link Membership}
 * @param attack what they do
 * @param fromSeconds virtual seconds at which the attack begins; null for 0
 * @param untilSeconds virtual seconds at which it ends; null for the end of the run
 * @param knows whose snapshots it uses; null for those of neighbours if it needs others, otherwise its own
 */
public record UserAttack(
        Integer users,
        Double share,
        List<Integer> ids,
        Attack attack,
        Double fromSeconds,
        Double untilSeconds,
        Knowledge knows) {
    public UserAttack {
        if (attack == null) {
            throw new IllegalArgumentException("attack must be a map with a kind, found nothing");
        }
        fromSeconds = fromSeconds == null ? 0 : fromSeconds;
        untilSeconds = untilSeconds == null ? Double.POSITIVE_INFINITY : untilSeconds;
        knows = knows != null ? knows : attack.needsOthers() ? Knowledge.NEIGHBOURS : Knowledge.OWN;
        new Adversary(new Membership(users, share, ids), fromSeconds, untilSeconds);
    }

    private Adversary adversary() {
        return new Adversary(new Membership(users, share, ids), fromSeconds, untilSeconds);
    }

    /**
     * Returns the attacks of a scenario's users.
     *
     * @throws IllegalArgumentException if an entry does not fit the users; the message begins with the offending key
     */
    public static Attacks of(Scenario s) {
        if (s.adversaries().isEmpty()) {
            return Attacks.NONE;
        }
        try {
            Adversaries adversaries = Adversaries.of(
                    s.seed(),
                    s.users(),
                    s.collaboration().method().server().orElse(-1),
                    s.adversaries().stream().map(UserAttack::adversary).toList());
            return new Attacks(
                    adversaries,
                    s.adversaries().stream()
                            .map(a -> new Attacks.Entry(name(a.attack), a.attack, a.knows))
                            .toList());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("adversaries." + e.getMessage(), e);
        }
    }

    /** Returns the backdoors among the attacks, also those within other attacks. */
    public static List<Backdoor> backdoors(Scenario s) {
        return s.adversaries().stream()
                .map(a -> innermost(a.attack))
                .filter(Backdoor.class::isInstance)
                .map(Backdoor.class::cast)
                .toList();
    }

    private static Attack innermost(Attack attack) {
        return attack instanceof Wrapping w && w.attack() != null ? innermost(w.attack()) : attack;
    }

    /** Whether users may train on the validation data of others. */
    public static boolean baits(Scenario s) {
        return s.adversaries().stream().anyMatch(a -> a.attack.baits() >= 0);
    }

    /**
     * Returns some users, and those whose data they need to attack.
     *
     * @param users in rising order
     */
    public static int[] withVictims(Scenario s, int[] users) {
        Attacks attacks = of(s);
        return IntStream.of(users)
                .flatMap(u -> IntStream.concat(IntStream.of(u), IntStream.of(attacks.baited(u))))
                .sorted()
                .distinct()
                .toArray();
    }

    private static String name(Attack attack) {
        return attack.getClass().getAnnotation(Component.class).name();
    }
}
