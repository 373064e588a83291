package coterie.scenarios.config;

import coterie.actors.message.DoorRules;
import coterie.topology.time.Ticks;

/**
 * What receivers refuse.
 *
 * @param checks whether they refuse anything
 * @param norm see {@link DoorRules}
 * @param turnSeconds see {@link DoorRules}
 */
public record DoorSettings(boolean checks, double norm, Double turnSeconds) {
    public DoorSettings {
        Scenario.require(norm >= 1 && Double.isFinite(norm), "norm must be at least 1 and finite, found " + norm);
        Scenario.require(
                turnSeconds == null || turnSeconds > 0 && turnSeconds <= Ticks.LONGEST_SECONDS,
                "turn_seconds must be greater than 0 and at most " + Ticks.LONGEST_SECONDS + ", found " + turnSeconds);
    }
}
