package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.scenarios.results.AttackCurve;
import coterie.scenarios.results.TrustInAttackers;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Attackers in the report: who they are, when they attack, and how honest users trust them meanwhile. Of the instants
 * at which attacks began and ended the first ones, if there are many.
 */
final class AttackMarks {
    private static final int MOST = 2000;
    private static final int SAMPLES = 400;

    /** Users that make the same attack at the same time. */
    private record Entry(RunParticipants.Attack attack, List<Integer> users) {}

    private final BitSet attackers;
    private final Map<Integer, Entry> entries = new TreeMap<>();
    private final TrustInAttackers trust;
    private final AttackCurve curve;
    private final Thinned<AttackCurve.Point> points = new Thinned<>(SAMPLES);
    private final List<Observation.Attacked> seen = new ArrayList<>();

    /** @param mixesByRow see {@link TrustInAttackers} */
    AttackMarks(RunParticipants cast, boolean mixesByRow) {
        attackers = cast.attackers();
        for (int u = 0; u < cast.attacks().size(); u++) {
            for (RunParticipants.Attack a : cast.attacks().get(u)) {
                entries.computeIfAbsent(a.entry(), e -> new Entry(a, new ArrayList<>()))
                        .users()
                        .add(u);
            }
        }
        trust = new TrustInAttackers(cast.adversaries(), mixesByRow);
        curve = new AttackCurve(attackers.isEmpty() ? 0 : cast.mixtures().length, p -> points.add(() -> p));
    }

    /** Users that attack at some time. Must not be changed. */
    BitSet attackers() {
        return attackers;
    }

    void mixed(Observation.Mixed m) {
        curve.mixed(m, trust.row(m));
    }

    void attacked(Observation.Attacked a) {
        if (seen.size() < MOST) {
            seen.add(a);
        }
    }

    /**
     * Adds {@code attackers}, the users; {@code attack_times}, when they attack; {@code attacks}, when attacks began
     * and ended with turns; and {@code in_attackers}, trust in them over time. Adds nothing if no user attacks.
     */
    void json(ObjectNode to) {
        if (attackers.isEmpty()) {
            return;
        }
        ArrayNode users = to.putArray("attackers");
        attackers.stream().forEach(users::add);
        ArrayNode times = to.putArray("attack_times");
        for (Entry e : entries.values()) {
            ObjectNode one = times.addObject().put("attack", e.attack.kind());
            Json.put(one, "from", e.attack.fromSeconds());
            Json.put(one, "until", e.attack.untilSeconds());
            e.users.forEach(one.putArray("users")::add);
        }
        ArrayNode all = to.putArray("attacks");
        for (Observation.Attacked a : seen) {
            ObjectNode one = all.addObject();
            one.put("user", a.user()).put("attack", a.attack()).put("begins", a.begins());
            Json.put(one, "at", a.seconds());
        }
        overTime(to.putObject("in_attackers"));
    }

    private void overTime(ObjectNode to) {
        List<AttackCurve.Point> all = new ArrayList<>(points.kept());
        AttackCurve.Point now = curve.now();
        if (Double.isFinite(now.weight())
                && (all.isEmpty() || all.get(all.size() - 1).seconds() < now.seconds())) {
            all.add(now);
        }
        ArrayNode at = to.putArray("at");
        ArrayNode weight = to.putArray("weight");
        ArrayNode influence = to.putArray("influence");
        ArrayNode equal = to.putArray("equal");
        ArrayNode auc = to.putArray("auc");
        for (AttackCurve.Point p : all) {
            Json.add(at, p.seconds());
            Json.add(weight, p.weight());
            Json.add(influence, p.influence());
            Json.add(equal, p.equal());
            Json.add(auc, p.auc());
        }
    }
}
