package coterie.actors.adversary;

import coterie.model.attack.Attacks;
import coterie.model.attack.Knowledge;
import coterie.model.exchange.Exchange;
import coterie.topology.adversary.Adversaries;
import coterie.topology.graph.Neighbourhoods;
import java.util.stream.IntStream;

/** Checks that attacks fit a simulation. */
public final class AttackChecks {
    private AttackChecks() {}

    /**
     * What the checks need to know of how users collaborate.
     *
     * @param waits whether users wait for versions of their neighbours
     * @param trusts whether users mix by trust
     * @param serves whether snapshots pass through a server
     * @param asks whether users send snapshots only with requests and in reply to them
     * @param exchange what is sent
     */
    public record Manner(boolean waits, boolean trusts, boolean serves, boolean asks, Exchange exchange) {}

    /**
     * Checks all attacks.
     *
     * @throws IllegalArgumentException if one does not fit; the message begins with its key
     */
    public static void check(Attacks attacks, Neighbourhoods neighbourhoods, Manner manner) {
        for (int e = 0; e < attacks.entries().size(); e++) {
            Attacks.Entry entry = attacks.entries().get(e);
            String kind = ".attack.kind: " + entry.name();
            String key = "adversaries." + e;
            if (entry.attack().needsOthers() && manner.serves) {
                throw wrong(key, kind, "uses snapshots of other users, and here a server alone has them");
            }
            if (entry.knows() != Knowledge.OWN && manner.serves) {
                throw wrong(key, ".knows: ", "must be own, since a server alone has the snapshots of users");
            }
            if (entry.attack().needsOthers() && entry.knows() == Knowledge.OWN) {
                throw wrong(
                        key, ".knows: ", entry.name() + " uses snapshots of other users: neighbours or all, found own");
            }
            if (entry.attack().versions() != 0 && (!manner.trusts || manner.waits)) {
                throw wrong(
                        key,
                        kind,
                        "needs a trust strategy under which no user waits for another: asynchronous, no bound");
            }
            if (entry.attack().versions() != 0 && manner.exchange == Exchange.UPDATES) {
                throw wrong(key, kind, "needs exchange: parameters, since updates are counted by their versions");
            }
            if ((entry.attack().times() > 1 || entry.attack().holdsBack()) && manner.asks) {
                throw wrong(key, kind, "concerns snapshots that no user has asked for, and here there are none");
            }
            if (entry.attack().holdsBack() && manner.waits) {
                throw wrong(key, kind, "needs users that never wait for another: asynchronous, no bound");
            }
            boolean fixed = neighbourhoods.graph(0) != null && neighbourhoods.changes().length <= 1;
            if (entry.attack().holdsBack() && !fixed) {
                throw wrong(key, kind, "needs a graph that does not change");
            }
            if (entry.attack().eachReceiver() && neighbourhoods.graph(0) == null) {
                throw wrong(key, kind, "needs a graph, and here neighbours are drawn");
            }
            if (entry.knows() == Knowledge.ALL && !receivesAll(attacks.adversaries(), e, neighbourhoods)) {
                throw wrong(
                        key,
                        ".knows: ",
                        "all needs a graph in which the attackers are neighbours of all honest users, such as"
                                + " topology.kind full: a user knows only what has been sent to it, or results would"
                                + " depend on how users are divided among threads and nodes; found all");
            }
        }
    }

    private static boolean receivesAll(Adversaries adversaries, int entry, Neighbourhoods n) {
        if (n.graph(0) == null || n.changes().length > 1) {
            return false;
        }
        return IntStream.range(0, n.users())
                .filter(u -> adversaries.of(u).stream().anyMatch(a -> a.entry() == entry))
                .allMatch(u -> IntStream.of(n.graph(0).inNeighbours(u))
                                .filter(from -> !adversaries.contains(from))
                                .count()
                        == n.users() - adversaries.count());
    }

    private static IllegalArgumentException wrong(String key, String rest, String message) {
        return new IllegalArgumentException(key + rest + (rest.endsWith(" ") ? "" : " ") + message);
    }
}
