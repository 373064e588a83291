package coterie.actors.protocol;

import coterie.actors.schedule.Mode;
import coterie.actors.schedule.TurnSchedule;
import coterie.topology.availability.ParticipationSchedule;
import coterie.topology.graph.Neighbourhoods;

/**
 * Which users exchange snapshots, and after which turns: the same for all users, and fixed during a run.
 *
 * @param seed of all random numbers of the run
 * @param participation which users take part after which turns
 * @param communicates false if no user exchanges anything
 * @param waits whether users may wait for snapshots of their neighbours, and so are told which will never arrive
 */
public record Collaboration(
        long seed,
        Neighbourhoods neighbourhoods,
        Mode mode,
        TurnSchedule schedule,
        ParticipationSchedule participation,
        boolean communicates,
        boolean waits) {
    public int users() {
        return neighbourhoods.users();
    }

    /**
     * Whether a user publishes and mixes after a turn, provided that it is present then. The random numbers are keyed,
     * so that every user can compute it for every other.
     */
    public boolean collaborates(int user, int turn) {
        return communicates && schedule.turn(turn).collaborates() && participation.takesPart(user, turn);
    }
}
