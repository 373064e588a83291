package coterie.scenarios.results;

import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.clock.RunResult.EndedBy;
import coterie.actors.event.Observation;
import coterie.actors.user.SimulationConfig;
import coterie.model.task.Target;
import coterie.scenarios.config.Scenario;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Checks whether a run can have ended as its summary says. A stop is always possible: it may have come at the last
 * moment.
 */
final class EndCheck {
    /** The run keeps a running sum over users, which rounds differently. */
    private static final double ROUNDING = 1e-9;

    private final Scenario scenario;
    private final SimulationConfig config;
    /** Null for none. */
    private final Target target;

    /** Users that were evaluated after their last turn. */
    private final BitSet lived = new BitSet();
    /** Users that are down or away for ever, or whose training has diverged. */
    private final BitSet gone = new BitSet();

    EndCheck(Scenario scenario, SimulationConfig config) {
        this.scenario = scenario;
        this.config = config;
        target = config.target();
    }

    /** Adds the next observation of a user that the scenario has. */
    void observed(Observation o) {
        if (o instanceof Observation.Evaluated e
                && e.turn() == config.schedule().turns()) {
            lived.set(o.user());
        } else if (o instanceof Observation.Diverged
                || o instanceof Observation.Crashed c && c.until() == Double.POSITIVE_INFINITY
                || o instanceof Observation.Slept s && s.until() == Double.POSITIVE_INFINITY) {
            gone.set(o.user());
        }
    }

    /** Users that train. A server does not, and has no turns to end. */
    private IntStream training() {
        return IntStream.range(0, scenario.users())
                .filter(u -> !config.protocol().serves(u));
    }

    /**
     * Checks how the run ended according to a summary.
     *
     * @param stats after all lines
     * @param follows what the summary must say; its status is added if it is certain
     * @param faults receives a description of each fault
     */
    void compare(ObjectNode summary, Statistics stats, ObjectNode follows, Consumer<String> faults) {
        String said = summary.path("ended_by").asText();
        EndedBy by = Arrays.stream(EndedBy.values())
                .filter(b -> b.name().toLowerCase(Locale.ROOT).equals(said))
                .findFirst()
                .orElse(null);
        if (by == null) {
            faults.accept("ended_by is " + summary.path("ended_by") + ", and no run ends so");
            return;
        }
        boolean virtual = scenario.time().clock() == Scenario.Clock.VIRTUAL;
        // By the wall clock a user may diverge when time is up; then no line is written any more.
        boolean unknown = !virtual
                && stats.diverged().isEmpty()
                && summary.path("status").asText().equals(Status.DIVERGED.label());
        if (!unknown) {
            follows.put("status", Status.of(by, !stats.diverged().isEmpty()).label());
        }
        if (by == EndedBy.TURNS) {
            training()
                    .filter(u -> !lived.get(u) && !gone.get(u))
                    .forEach(u -> faults.accept("evaluations.jsonl: user " + u
                            + " has no evaluation after its last turn, and ended_by is turns"));
        }
        if (by == EndedBy.TARGET && !(target != null && target.isReachedBy(stats.best(), ROUNDING))) {
            faults.accept("ended_by is target, and no target was reached");
        }
        if (virtual) {
            virtual(by, stats, faults);
        }
    }

    /** Under the virtual clock nothing but what the records say can have ended a run. */
    private void virtual(EndedBy by, Statistics stats, Consumer<String> faults) {
        boolean all = training().allMatch(gone::get) && training().findAny().isPresent();
        boolean diverged = !stats.diverged().isEmpty();
        boolean over = by == EndedBy.TURNS || by == EndedBy.GONE;
        String is = "ended_by is " + by.name().toLowerCase(Locale.ROOT) + ", and ";
        if (by == EndedBy.DIVERGENCE && !diverged) {
            faults.accept(is + "events.jsonl says of no user that its training has diverged");
        } else if ((over || by == EndedBy.TIME) && diverged && config.endsOnDivergence()) {
            faults.accept(is + "the scenario ends when training diverges, as it has");
        } else if (by == EndedBy.GONE && !all) {
            faults.accept(is + "some users were not gone for ever");
        } else if (by == EndedBy.TURNS && all) {
            faults.accept(is + "all users were gone for ever");
        }
        if (over && target != null && target.isReachedBy(stats.best(), -ROUNDING)) {
            faults.accept(is + "the target was reached");
        }
    }
}
