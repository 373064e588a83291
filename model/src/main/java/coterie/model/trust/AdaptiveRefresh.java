package coterie.model.trust;

import coterie.model.exchange.Snapshot;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Measures candidates when the trust row has probably moved, mostly those that matter for it, within a budget.
 *
 * <p><b>When.</b> A trust row is a function of time that a user samples, so the step is controlled as a solver of
 * differential equations controls its own. A measurement shows how far the row has moved since the one before, its
 * {@link Surprise} d after n turns. From then on the row is expected to move v = d / n a turn, where v at most doubles
 * and at most halves at one measurement, and stays between {@code tolerance / longest} and {@code tolerance}. After a
 * turns, and with u of m candidates that were never measured, the expected movement is e = v · a + u / m. A measurement
 * is due when e reaches {@code tolerance}.
 *
 * <p><b>Whom.</b> All candidates, or only those that matter: the user itself, candidates that were never measured, and
 * those with a weight of at least {@code tolerance / m} when all were measured last. The others had less than
 * {@code tolerance} together. If more than half matter, all are measured. A fresh loss is usually lower than an old
 * one, so that the others lose weight meanwhile; therefore all are measured again when the measurements of some have
 * cost as much as one of all, or after {@code longest} turns. Where few candidates matter, for instance one in four,
 * the row is measured more than twice as often as if all were measured every time.
 *
 * <p><b>Alarms.</b> Two numbers that cost no forward pass show that something has changed, each watched by a
 * {@link RiseAlarm}. If the user's own training loss rises, its data has changed, or it has mixed what does not suit
 * it: all candidates are measured at once. If a neighbour's snapshot moves further than it usually does, its data or
 * its trust has changed: it is measured together with those that matter. Either way the speed begins anew, v = d. The
 * training loss is that of a whole turn, so that a change of data is noticed one turn after it. The alarm is over when
 * a measurement finds that the row moves by less than {@code tolerance} in a turn.
 *
 * <p><b>How much.</b> The budget is a credit of measurements. Each snapshot that is a candidate for the first time
 * earns {@code budget} measurements, since {@code every-turn} would measure it once; where a score does not last, every
 * candidate earns that at every mixing. A user measures only if its credit is not negative, and each measurement costs
 * 1 unless the score is up to date. The credit is 2 m at the first mixing, since trust moves most at the beginning, and
 * does not grow beyond m. Until an alarm is over, a credit of {@code −reserve · m} suffices: a reserve that ordinary
 * measurements may not spend, and that is earned back before they go on. In the long run a user does at most
 * {@code budget} times the measurements of {@code every-turn}.
 *
 * <p>Worked example: {@code tolerance} 0.1, {@code longest} 8, two candidates with enough credit. The first measurement
 * is in turn 0 with v = 0.1, so that the next is due in turn 1. It finds d = 0.02, but v at most halves: v = 0.05, and
 * the next is due in turn 3. It finds d = 0.08 after two turns: v = 0.04, and the next is due in turn 6, the first for
 * which 0.04 · a is at least 0.1.
 *
 * @param budget measurements per measurement of {@code every-turn}, greater than 0, at most 1
 * @param tolerance movement of the row, in total variation, that is accepted, greater than 0, at most 1
 * @param longest turns from one measurement to the next at most if the budget allows; one that is so many turns after
 *     the last of all candidates is of all
 * @param reserve measurements of all candidates that an alarm may make in advance, from 0 to 100
 */
@Component(
        name = "adaptive",
        about = "candidates that matter, when their weights have probably changed, within a budget")
public record AdaptiveRefresh(
        @Setting("0.15") double budget,
        @Setting("0.05") double tolerance,
        @Setting("8") int longest,
        @Setting("2") double reserve)
        implements Refresh {
    /** Measurements of all candidates that a user may make in advance. */
    private static final double START = 2;

    /** Rounding error of sums of speeds and credits. */
    private static final double ROUNDING = 1e-9;

    private static final double MOST_CHANGE = 2;
    private static final double MOST_RESERVE = 100;

    public AdaptiveRefresh {
        inUnit("budget", budget);
        inUnit("tolerance", tolerance);
        if (longest < 1) {
            throw new IllegalArgumentException("longest must be at least 1, found " + longest);
        }
        if (!(reserve >= 0 && reserve <= MOST_RESERVE)) {
            throw new IllegalArgumentException(
                    "reserve must be from 0 to " + (int) MOST_RESERVE + ", found " + reserve);
        }
    }

    private static void inUnit(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be greater than 0 and at most 1, found " + value);
        }
    }

    @Override
    public AdaptiveMemory start() {
        return AdaptiveMemory.NONE;
    }

    @Override
    public List<Class<?>> memoryTypes() {
        return List.of(AdaptiveMemory.class, AdaptiveMemory.Alarms.class, RiseAlarm.class);
    }

    @Override
    public AdaptiveMemory trained(Memory memory, double loss) {
        return ((AdaptiveMemory) memory).trained(loss);
    }

    @Override
    public boolean watchesSnapshots() {
        return true;
    }

    private static AdaptiveMemory memory(Occasion now) {
        return (AdaptiveMemory) now.memory();
    }

    /** The mixing with what its snapshots say. */
    private static Occasion seen(Occasion now) {
        return now.with(memory(now).seen(now));
    }

    @Override
    public Due due(Occasion mixing) {
        Occasion now = seen(mixing);
        int candidates = now.candidates().size();
        if (now.last().get(now.own()) == null) {
            // The first mixing, or all scores were discarded.
            boolean all = affordable(now);
            return new Due(all ? below(candidates) : List.of(now.own()), all);
        }
        AdaptiveMemory.Alarms alarms = memory(now).alarms();
        if (!affordable(now) || !suspicious(now) && expected(now) < tolerance - ROUNDING) {
            return new Due(List.of(), false);
        }
        if (alarms.all()
                || now.turn() - now.lastFull() >= longest
                || memory(now).partial() >= candidates) {
            return new Due(below(candidates), true);
        }
        List<Integer> due = new ArrayList<>();
        for (int k = 0; k < candidates; k++) {
            int user = now.candidates().get(k).user();
            if (k == now.own()
                    || now.last().get(k) == null
                    || memory(now).trusted().contains(user)
                    || alarms.suspects().contains(user)) {
                due.add(k);
            }
        }
        boolean all = due.size() > candidates / 2;
        return new Due(all ? below(candidates) : due, all);
    }

    /** Whether an alarm concerns any of the scores. */
    private static boolean suspicious(Occasion now) {
        AdaptiveMemory.Alarms alarms = memory(now).alarms();
        return alarms.all()
                || now.candidates().stream().anyMatch(c -> alarms.suspects().contains(c.user()));
    }

    private static List<Integer> below(int end) {
        List<Integer> all = new ArrayList<>();
        for (int k = 0; k < end; k++) {
            all.add(k);
        }
        return all;
    }

    /** The expected movement of the row since the last measurement. */
    private static double expected(Occasion now) {
        long unknown = now.last().stream().filter(e -> e == null).count();
        return memory(now).speed() * since(now)
                + unknown / (double) now.candidates().size();
    }

    /** Turns since the last measurement, which always includes the user itself. */
    private static int since(Occasion now) {
        return now.turn() - now.last().get(now.own()).turn();
    }

    /** Whether the budget allows a measurement; the reserve counts after an alarm only. */
    private boolean affordable(Occasion now) {
        double inAdvance =
                memory(now).alarms().open() ? reserve * now.candidates().size() : 0;
        return credit(now) >= -inAdvance - ROUNDING;
    }

    private double credit(Occasion now) {
        int candidates = now.candidates().size();
        if (now.lastFull() < 0) {
            return START * candidates;
        }
        double before = memory(now).credit();
        long earning = now.candidates().stream().filter(c -> earns(now, c)).count();
        return Math.max(before, Math.min(candidates, before + budget * earning));
    }

    private static boolean earns(Occasion now, Snapshot candidate) {
        Integer seen = memory(now).seen().get(candidate.user());
        return !now.strategy().lasting() || seen == null || candidate.turn() > seen;
    }

    @Override
    public AdaptiveMemory after(Occasion mixing, Due due, double[] scores) {
        Occasion now = seen(mixing);
        AdaptiveMemory before = memory(now);
        boolean lasting = now.strategy().lasting();
        Map<Integer, Integer> seen = new HashMap<>();
        if (lasting) {
            seen.putAll(before.seen());
            now.candidates().forEach(c -> seen.put(c.user(), c.turn()));
        }
        long cost = due.candidates().stream()
                .filter(k -> !lasting || !now.upToDate(k))
                .count();
        double speed = speed(now, due, scores);
        List<Integer> measured = due.candidates().stream()
                .map(k -> now.candidates().get(k).user())
                .toList();
        return new AdaptiveMemory(
                speed,
                credit(now) - cost,
                due.full() ? 0 : before.partial() + cost,
                trusted(now, due, scores),
                seen,
                before.alarms().answered(due.full(), measured, speed >= tolerance - ROUNDING));
    }

    /** Users with enough weight to matter, in ascending order. */
    private List<Integer> trusted(Occasion now, Due due, double[] scores) {
        if (due.candidates().isEmpty()) {
            return memory(now).trusted();
        }
        int[] users = now.users();
        double[] weights = now.strategy().row(users[now.own()], users, scores);
        // Absent users stay as they are, and so do those that were measured before if not all are measured now.
        TreeSet<Integer> trusted = new TreeSet<>(memory(now).trusted());
        for (int k = 0; k < users.length; k++) {
            boolean matters = weights[k] >= tolerance / users.length;
            if (matters && (due.full() || now.last().get(k) == null)) {
                trusted.add(users[k]);
            } else if (due.full()) {
                trusted.remove(users[k]);
            }
        }
        return List.copyOf(trusted);
    }

    private double speed(Occasion now, Due due, double[] scores) {
        double before = memory(now).speed();
        if (due.candidates().isEmpty()) {
            return before;
        }
        if (now.last().get(now.own()) == null) {
            return tolerance;
        }
        double moved = Surprise.of(now, scores);
        double found = moved / since(now);
        double limited =
                suspicious(now) ? moved : Math.max(before / MOST_CHANGE, Math.min(before * MOST_CHANGE, found));
        return Math.max(tolerance / longest, Math.min(tolerance, limited));
    }
}
