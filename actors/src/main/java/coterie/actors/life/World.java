package coterie.actors.life;

import coterie.topology.graph.Topology;
import coterie.topology.world.ComputeTime;
import coterie.topology.world.Links;
import coterie.topology.world.Participation;

/**
 * All that users live by: the same for everybody, never changed.
 *
 * @param seed of everything drawn
 * @param communicates whether anybody exchanges anything
 * @param evaluateEvery iterations between evaluations
 */
public record World(long seed, Topology topology, Links links, ComputeTime compute, Participation participation, Idle idle, Mode mode,
        TurnSchedule schedule, boolean communicates, int evaluateEvery) {
    public int users() {
        return topology.users();
    }

    /** Whether a user publishes and mixes at the end of a turn. Keyed by user and turn, so that anybody can know it of anybody. */
    boolean collaborates(int user, int turn) {
        return communicates && schedule.turn(turn).collaborates() && participation.takesPart(seed, user, turn);
    }

    /** Ticks between the sending and the arrival of any message, at the least. */
    public long lookAhead() {
        return Ticks.lookAhead(links.latency().least());
    }
}
