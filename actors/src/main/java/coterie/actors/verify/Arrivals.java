package coterie.actors.verify;

import coterie.actors.event.Observation;
import coterie.actors.message.Payload.Kind;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.VerifiableMixing;
import coterie.actors.schedule.Mode;
import coterie.actors.user.SimulationConfig;
import coterie.model.exchange.Exchange;
import coterie.topology.graph.Neighbourhoods;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks that one user mixes the newest messages that have arrived, and all of them. Looks at receipts only. A message
 * that arrives in the nanosecond of a mixing may have arrived before or after it.
 */
final class Arrivals {
    /**
     * A message as its receiver has it.
     *
     * @param number of messages that it had taken before
     */
    record Receipt(double seconds, long number, Mail.Flight flight) {
        int turn() {
            return flight.sent.turn();
        }

        double sent() {
            return flight.sent.seconds();
        }
    }

    private static final Comparator<Receipt> BY_SENDING = Comparator.comparingDouble(Receipt::sent);
    private final SimulationConfig config;
    /** For updates it only checks that they arrived; {@link UpdatesOnce} checks which of them are mixed. */
    private final boolean updates;

    private final Findings findings;
    /** False if nothing is known of the protocol: then nothing is checked. */
    private final boolean known;

    private final boolean waits;
    private final boolean eachOnce;
    private final boolean atOnce;
    private final boolean byChance;
    /** By sender, in the order of arrival. */
    private final Map<Integer, List<Receipt>> held = new TreeMap<>();

    private long number;
    /** Messages that arrived until then may have been mixed by a turn that was lost and not recorded. */
    private double perhapsMixed = -1;

    Arrivals(SimulationConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
        Protocol p = config.protocol();
        VerifiableMixing rules = p.verifiableMixing();
        known = rules.trigger() != VerifiableMixing.Trigger.UNKNOWN;
        updates = p.trusts() && p.exchange() == Exchange.UPDATES;
        waits = config.mode() == Mode.SYNCHRONOUS;
        eachOnce = rules.inputs() == VerifiableMixing.Inputs.EACH_ONCE;
        atOnce = rules.trigger() == VerifiableMixing.Trigger.ON_ARRIVAL;
        byChance = p.trusts() && config.neighbourhoods().graph(0) == null && !waits;
    }

    /** A message was taken. */
    void taken(double seconds, Mail.Flight f) {
        boolean mixable = f.sent.kind() == Kind.SNAPSHOT
                || f.sent.kind() == Kind.REPLY
                || atOnce && f.sent.kind() == Kind.REQUEST;
        if (!known || !mixable) {
            return;
        }
        List<Receipt> of = held.computeIfAbsent(f.sent.user(), k -> new ArrayList<>(2));
        if (!updates && !waits && !eachOnce) {
            // Of the messages that arrived before this instant, only the newest can still be mixed.
            List<Receipt> before = of.stream().filter(r -> r.seconds < seconds).toList();
            of.removeAll(before);
            if (!atOnce) {
                before.stream().max(BY_SENDING).ifPresent(newest -> of.add(0, newest));
            }
        }
        of.add(new Receipt(seconds, number++, f));
    }

    /** The device has failed. */
    void crashed(double seconds) {
        if (config.faults().keepInbox()) {
            perhapsMixed = waits || byChance ? seconds : -1;
        } else {
            held.clear();
        }
    }

    /**
     * Checks what was mixed.
     *
     * @return where each message is mixed once: the messages that were mixed, in the order of arrival; null if that is
     *     not certain
     */
    List<Receipt> mixed(Observation.Mixed m) {
        if (!known) {
            return null;
        }
        int[] users = m.row().users();
        boolean certain = true;
        for (int k = 0; k < users.length; k++) {
            if (users[k] != m.user()) {
                certain &= candidate(m, k);
            }
        }
        if (!updates && !atOnce) {
            missing(m);
        }
        List<Receipt> used = eachOnce && certain ? inOrder(m) : null;
        forget(m);
        return used;
    }

    private List<Receipt> inOrder(Observation.Mixed m) {
        List<Receipt> used = new ArrayList<>();
        for (int from : m.row().users()) {
            used.addAll(held.getOrDefault(from, List.of()));
        }
        used.sort(Comparator.comparingLong(Receipt::number));
        return used.stream().allMatch(r -> r.seconds < m.seconds()) ? used : null;
    }

    private boolean candidate(Observation.Mixed m, int k) {
        int from = m.row().users()[k];
        List<Receipt> of = held.getOrDefault(from, List.of());
        double sent = m.seconds() - m.secondsOld()[k];
        Receipt is = null;
        for (Receipt r : of) {
            if (r.turn() == m.versions()[k] && Instants.same(r.sent(), sent) && r.seconds <= m.seconds()) {
                is = r;
            }
        }
        if (is == null) {
            findings.check(
                    false,
                    m,
                    "turn %d of user %d, sent at %s, was mixed; what had arrived and was not lost is" + " %s",
                    m.versions()[k],
                    from,
                    sent,
                    told(of));
            return false;
        }
        double began = is.flight.began;
        findings.check(
                Double.isNaN(began) || Instants.same(m.seconds() - began, m.informationAge()[k]),
                m,
                "information_seconds of user %d is %s, and its turn %d began at %s",
                from,
                m.informationAge()[k],
                m.versions()[k],
                began);
        if (updates) {
            return false;
        }
        if (atOnce) {
            findings.check(
                    is.seconds == m.seconds(),
                    m,
                    "what user %d sent at %s arrived at %s and not now",
                    from,
                    sent,
                    is.seconds);
            return true;
        }
        Receipt newest = newest(of, m.seconds(), m.turn());
        boolean newer = newest == null
                || newest == is
                || is.seconds == m.seconds() && !earlier(is, newest)
                || Instants.same(newest.sent(), is.sent()) && newest.turn() == is.turn();
        findings.check(
                newer,
                m,
                "turn %d of user %d, sent at %s, was mixed; the newest that had arrived is turn %d," + " sent at %s",
                is.turn(),
                from,
                sent,
                newest == null ? -1 : newest.turn(),
                newest == null ? -1 : newest.sent());
        return newer;
    }

    private boolean earlier(Receipt a, Receipt b) {
        return eachOnce ? a.seconds < b.seconds : waits ? false : a.sent() < b.sent();
    }

    /** The newest message of a sender that arrived before this instant, and so must be mixed; null for none. */
    private Receipt newest(List<Receipt> of, double now, int turn) {
        Receipt newest = null;
        for (Receipt r : of) {
            boolean counts = r.seconds < now && (!waits || r.turn() == turn);
            // In synchronous mode, the last to arrive of several snapshots of a turn.
            if (counts && (newest == null || waits || eachOnce || r.sent() > newest.sent())) {
                newest = r;
            }
        }
        return newest;
    }

    private void missing(Observation.Mixed m) {
        Neighbourhoods n = config.neighbourhoods();
        boolean byTime = config.protocol().trusts() && !n.byTurns() && n.graph(0) != null;
        int[] among = byTime ? n.graph(Instants.tick(m.seconds())).inNeighbours(m.user()) : null;
        int[] users = m.row().users();
        for (Map.Entry<Integer, List<Receipt>> e : held.entrySet()) {
            boolean there = Arrays.binarySearch(users, e.getKey()) >= 0;
            boolean may = among == null || Arrays.binarySearch(among, e.getKey()) >= 0;
            Receipt newest = there ? null : newest(e.getValue(), m.seconds(), m.turn());
            if (newest != null && may && newest.seconds > perhapsMixed) {
                findings.check(
                        false,
                        m,
                        "user %d is not in the row, and its turn %d had arrived at %s",
                        e.getKey(),
                        newest.turn(),
                        newest.seconds);
            }
            findings.check(!there || may, m, "user %d is in the row, and is no neighbour now", e.getKey());
        }
    }

    /** Forgets messages that were mixed or can no longer be mixed. */
    private void forget(Observation.Mixed m) {
        if (updates) {
            // After a crash, updates mixed since the last save wait again.
            held.forEach((from, of) -> of.removeIf(r -> !config.faults().any() && used(m, from, r)));
            return;
        }
        Collection<List<Receipt>> all = held.values();
        if (byChance || eachOnce) {
            for (Map.Entry<Integer, List<Receipt>> e : held.entrySet()) {
                int from = e.getKey();
                e.getValue().removeIf(r -> r.seconds < m.seconds() || used(m, from, r));
            }
        } else if (waits) {
            all.forEach(of -> of.removeIf(r -> r.turn() <= m.turn()));
        }
        all.removeIf(List::isEmpty);
    }

    private static boolean used(Observation.Mixed m, int from, Receipt r) {
        int k = Arrays.binarySearch(m.row().users(), from);
        return k >= 0 && m.versions()[k] == r.turn() && Instants.same(m.seconds() - m.secondsOld()[k], r.sent());
    }

    private static String told(List<Receipt> of) {
        if (of.isEmpty()) {
            return "nothing";
        }
        Receipt last = of.get(of.size() - 1);
        return "turn " + last.turn() + ", sent at " + last.sent() + (of.size() == 1 ? "" : ", and others");
    }
}
