package coterie.model.attack;

import coterie.topology.adversary.Adversaries;
import java.util.List;

/**
 * All attacks of a simulation.
 *
 * @param adversaries who attacks when, by the numbers of entries
 * @param entries what is done
 */
public record Attacks(Adversaries adversaries, List<Entry> entries) {
    /** No user attacks. */
    public static final Attacks NONE = new Attacks(Adversaries.NONE, List.of());

    /**
     * The attack of some users.
     *
     * @param name of its kind
     */
    public record Entry(String name, Attack attack, Knowledge knows) {}

    public Attacks {
        entries = List.copyOf(entries);
    }

    /** Returns the attack of an entry; null for {@link Adversaries#HONEST}. */
    public Attack attack(int entry) {
        return entry == Adversaries.HONEST ? null : entries.get(entry).attack;
    }

    /** Returns the version that a user claims for the snapshot of a turn that begins at an instant of virtual time. */
    public int claimed(int user, double seconds, int turn) {
        Attack a = attack(adversaries.entry(user, seconds));
        return a == null || a.versions() == 0 ? turn : Math.max(0, turn + a.versions());
    }

    /** Whether any attack claims other versions, so that there may be several snapshots of one. */
    public boolean forgeVersions() {
        return entries.stream().anyMatch(e -> e.attack.versions() != 0);
    }

    /** Returns the users on whose validation data a user trains in some attack, in rising order. */
    public int[] baited(int user) {
        return adversaries.of(user).stream()
                .mapToInt(a -> attack(a.entry()).baits())
                .filter(victim -> victim >= 0)
                .distinct()
                .sorted()
                .toArray();
    }

    /** Whether any attack may send something in the middle of a turn. */
    public boolean holdBack() {
        return entries.stream().anyMatch(e -> e.attack.holdsBack());
    }

    /** Whether a user trains in a turn that begins at an instant of virtual time. */
    public boolean trains(int user, double seconds) {
        Attack a = attack(adversaries.entry(user, seconds));
        return a == null || a.trains();
    }
}
