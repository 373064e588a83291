package coterie.scenarios.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns, absences, crashes and messages over time. For few users these are single intervals; for many, or for long
 * runs, the share of time that the users of a row were training, away or down.
 */
final class Activity {
    private static final int LANES = 64;
    private static final int MOST_INTERVALS = 6000;
    private static final int MOST_MESSAGES = 4000;
    private static final int STEPS = 256;
    private static final double FIRST_STEP = 1;
    private static final String[] NAMES = {"training", "away", "down"};
    private static final int TRAINING = 0;
    private static final int AWAY = 1;
    private static final int DOWN = 2;

    /** What is shown of an interval besides its kind: see {@code activity.js}. */
    private static final int PLAIN = 0;

    private static final int SAT_OUT = 1;
    private static final int TOOK_PART = 2;
    private static final int TRAINS = 3;

    private record Interval(int user, int kind, double from, double to, int turn, int mark) {}

    private record Arrow(int from, int to, double sent, double arrived, boolean taken, String kind) {}

    private final Bins bins;
    private final int[] members;
    private final List<Interval> intervals = new ArrayList<>();
    private final List<Arrow> arrows = new ArrayList<>();
    private boolean tooManyIntervals;
    private long messages;
    /** [kind][row * STEPS + step]: user-seconds. */
    private final double[][] spent;

    private double step = FIRST_STEP;
    private double end;
    /** Beginning and latest end of a user's absence or failure; NaN if it is present and up. */
    private final double[] goneFrom;

    private final double[] goneUntil;
    private final int[] goneKind;
    /** Absences of each user that have not been drawn yet, each until its end. */
    private final List<List<Observation.Absent>> absent = new ArrayList<>();

    Activity(Bins bins) {
        this.bins = bins;
        members = new int[bins.count()];
        for (int u = 0; u < bins.users(); u++) {
            members[bins.of(u)]++;
        }
        tooManyIntervals = bins.users() > LANES;
        spent = new double[NAMES.length][bins.count() * STEPS];
        goneFrom = new double[bins.users()];
        goneUntil = new double[bins.users()];
        goneKind = new int[bins.users()];
        for (int u = 0; u < bins.users(); u++) {
            absent.add(new ArrayList<>(1));
        }
        Arrays.fill(goneFrom, Double.NaN);
    }

    void observed(Observation o) {
        end = Math.max(end, o.seconds());
        if (o instanceof Observation.TurnEnded t) {
            back(t.user(), t.started());
            turn(t);
        } else if (o instanceof Observation.Absent a) {
            absent.get(a.user()).add(a);
        } else if (o instanceof Observation.Slept s) {
            // Runs of earlier versions have no other line of an absence.
            if (absent.get(s.user()).stream().noneMatch(a -> a.until() > s.seconds())) {
                gone(s.user(), AWAY, s.seconds(), s.until());
            }
        } else if (o instanceof Observation.Crashed c) {
            gone(c.user(), DOWN, c.seconds(), c.until());
        } else if (o instanceof Observation.Restarted r) {
            back(r.user(), r.seconds());
        } else if (o instanceof Observation.Received m) {
            arrow(new Arrow(
                    m.from(),
                    m.user(),
                    m.sent(),
                    m.seconds(),
                    m.taken(),
                    m.kind().name().toLowerCase(java.util.Locale.ROOT)));
        } else if (o instanceof Observation.Sent m && m.lost()) {
            arrow(new Arrow(
                    m.user(),
                    m.to(),
                    m.seconds(),
                    Double.NaN,
                    false,
                    m.kind().name().toLowerCase(java.util.Locale.ROOT)));
        }
    }

    /** A turn is a bar, with gaps where its user was absent and did not train. */
    private void turn(Observation.TurnEnded t) {
        int mark = !t.collaborative() ? PLAIN : t.tookPart() ? TOOK_PART : SAT_OUT;
        double from = t.started();
        List<Observation.Absent> later = new ArrayList<>(1);
        for (Observation.Absent a : absent.get(t.user())) {
            away(a, t.seconds());
            if (!a.trains() && a.until() > from) {
                interval(new Interval(t.user(), TRAINING, from, Math.min(a.seconds(), t.seconds()), t.turn(), mark));
                from = a.until();
            }
            if (a.until() > t.seconds()) {
                later.add(new Observation.Absent(
                        Math.max(a.seconds(), t.seconds()), a.user(), a.turn(), a.until(), a.trains()));
            }
        }
        absent.set(t.user(), later);
        interval(new Interval(t.user(), TRAINING, from, t.seconds(), t.turn(), mark));
    }

    private void away(Observation.Absent a, double until) {
        interval(away(a.user(), a.seconds(), Math.min(a.until(), until), a.trains()));
    }

    private static Interval away(int user, double from, double until, boolean trains) {
        return new Interval(user, AWAY, from, until, -1, trains ? TRAINS : PLAIN);
    }

    private void arrow(Arrow a) {
        messages++;
        if (bins.users() <= LANES && arrows.size() < MOST_MESSAGES) {
            arrows.add(a);
        }
    }

    private void gone(int user, int kind, double from, double until) {
        back(user, from);
        goneFrom[user] = from;
        goneUntil[user] = until;
        goneKind[user] = kind;
    }

    /** The absence or failure of a user has ended. */
    private void back(int user, double at) {
        if (!Double.isNaN(goneFrom[user])) {
            interval(new Interval(user, goneKind[user], goneFrom[user], Math.min(at, goneUntil[user]), -1, PLAIN));
            goneFrom[user] = Double.NaN;
        }
    }

    private void interval(Interval x) {
        if (x.to <= x.from) {
            return;
        }
        if (!tooManyIntervals) {
            intervals.add(x);
            if (intervals.size() > MOST_INTERVALS) {
                tooManyIntervals = true;
                intervals.clear();
            }
        }
        spend(x);
    }

    private void spend(Interval x) {
        while (x.to > step * STEPS) {
            coarser();
        }
        int row = bins.of(x.user);
        for (int k = (int) (x.from / step); k < STEPS && k * step < x.to; k++) {
            spent[x.kind][row * STEPS + k] += Math.min(x.to, (k + 1) * step) - Math.max(x.from, k * step);
        }
    }

    private void coarser() {
        for (double[] all : spent) {
            for (int row = 0; row < bins.count(); row++) {
                for (int k = 0; k < STEPS; k++) {
                    int at = row * STEPS + 2 * k;
                    all[row * STEPS + k] = k < STEPS / 2 ? all[at] + all[at + 1] : 0;
                }
            }
        }
        step *= 2;
    }

    void json(ObjectNode to) {
        Json.put(to, "end", end);
        if (tooManyIntervals) {
            heat(to.putObject("shares"));
            return;
        }
        ArrayNode all = to.putArray("intervals");
        List<Interval> open = new ArrayList<>(intervals);
        for (int u = 0; u < goneFrom.length; u++) {
            if (!Double.isNaN(goneFrom[u])) {
                open.add(new Interval(u, goneKind[u], goneFrom[u], Math.min(end, goneUntil[u]), -1, PLAIN));
            }
            for (Observation.Absent a : absent.get(u)) {
                open.add(away(u, a.seconds(), Math.min(end, a.until()), a.trains()));
            }
        }
        for (Interval x : open) {
            ArrayNode one = all.addArray();
            one.add(x.user).add(x.kind);
            Json.add(one, x.from);
            Json.add(one, x.to);
            one.add(x.turn).add(x.mark);
        }
        ArrayNode messageList = to.putArray("messages");
        for (Arrow a : arrows) {
            ArrayNode one = messageList.addArray();
            one.add(a.from).add(a.to);
            Json.add(one, a.sent);
            Json.add(one, a.arrived);
            one.add(a.taken ? 1 : 0).add(a.kind);
        }
        to.put("messages_in_all", messages);
    }

    /** Shares in percent, row by row. */
    private void heat(ObjectNode to) {
        Json.put(to, "step", step);
        int steps = Math.min(STEPS, (int) Math.ceil(end / step));
        to.put("steps", steps);
        for (int kind = 0; kind < NAMES.length; kind++) {
            ArrayNode list = to.putArray(NAMES[kind]);
            for (int row = 0; row < bins.count(); row++) {
                for (int k = 0; k < steps; k++) {
                    list.add(Math.round(100 * spent[kind][row * STEPS + k] / step / members[row]));
                }
            }
        }
    }
}
