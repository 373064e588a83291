package coterie.actors.user;

import coterie.actors.event.RecordLevel;
import coterie.actors.message.DoorRules;
import coterie.actors.message.NetworkModel;
import coterie.actors.protocol.Collaboration;
import coterie.actors.protocol.Protocol;
import coterie.actors.protocol.PublishHook;
import coterie.actors.schedule.Mode;
import coterie.actors.schedule.OfflineBehaviour;
import coterie.actors.schedule.TurnSchedule;
import coterie.model.attack.Attacks;
import coterie.model.task.Target;
import coterie.model.task.Task;
import coterie.model.trust.Refresh;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.Faults;
import coterie.topology.drift.Drifts;
import coterie.topology.graph.Neighbourhoods;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Links;
import coterie.topology.time.Ticks;
import java.util.stream.IntStream;

/**
 * What users simulate: the same for all users of a run, and never changed. Built by {@link #builder}.
 *
 * @param collaboration which users exchange snapshots, and after which turns
 * @param protocol how users exchange and mix
 * @param publishHook changes what users publish
 * @param refresh when users that mix by trust measure candidates; what it remembers is part of their states
 * @param network how messages travel
 * @param devices how fast users compute, and when their devices fail
 * @param offlineBehaviour what a user does in turns in which it does not take part
 * @param task what users learn; names the values of evaluations
 * @param drifts when users' data changes
 * @param attacks of users
 * @param door what receivers refuse
 * @param evaluateEvery iterations between evaluations
 * @param ending when the run ends
 * @param records how much is recorded
 * @param utilityEvery after every how many turns a user that mixes measures the utility of its neighbours; 0 for never
 */
public record SimulationConfig(
        Collaboration collaboration,
        Protocol protocol,
        PublishHook publishHook,
        Refresh refresh,
        NetworkModel network,
        Devices devices,
        OfflineBehaviour offlineBehaviour,
        Task task,
        Drifts drifts,
        Attacks attacks,
        DoorRules door,
        int evaluateEvery,
        Ending ending,
        RecordLevel records,
        int utilityEvery) {
    /**
     * The users' devices.
     *
     * @param pace duration of each turn
     */
    public record Devices(ComputeTime.Pace pace, Faults faults) {}

    /**
     * When a run ends, if not when all users have done all turns.
     *
     * @param until tick at which it ends; {@link Ticks#NEVER} for no such tick
     * @param target mean over users of a metric at which it ends; null for none
     * @param onDivergence whether it ends when a user's training has diverged; otherwise only that user stops
     */
    public record Ending(long until, Target target, boolean onDivergence) {}

    /**
     * Starts the configuration of users that compute one second each turn, on links of a millisecond, and without
     * failures.
     */
    public static SimulationConfigBuilder builder(long seed, Neighbourhoods neighbourhoods) {
        return new SimulationConfigBuilder(seed, neighbourhoods);
    }

    /** The seed of all random numbers. */
    public long seed() {
        return collaboration.seed();
    }

    public Neighbourhoods neighbourhoods() {
        return collaboration.neighbourhoods();
    }

    public int users() {
        return collaboration.users();
    }

    /** Number of users that train; a protocol's server does not. */
    public int trainingUsers() {
        return (int)
                IntStream.range(0, users()).filter(u -> !protocol.serves(u)).count();
    }

    public Mode mode() {
        return collaboration.mode();
    }

    public TurnSchedule schedule() {
        return collaboration.schedule();
    }

    public boolean communicates() {
        return collaboration.communicates();
    }

    /** {@link Collaboration#collaborates}. */
    public boolean collaborates(int user, int turn) {
        return collaboration.collaborates(user, turn);
    }

    public Links.Network links() {
        return network.links();
    }

    /** {@link NetworkModel#lines}. */
    public Bandwidth.Lines lines() {
        return network.lines();
    }

    public ComputeTime.Pace pace() {
        return devices.pace();
    }

    public Faults faults() {
        return devices.faults();
    }

    /** {@link Ending#until}. */
    public long until() {
        return ending.until();
    }

    /** {@link Ending#target}. */
    public Target target() {
        return ending.target();
    }

    /** {@link Ending#onDivergence}. */
    public boolean endsOnDivergence() {
        return ending.onDivergence();
    }

    /**
     * Whether a user that mixes after a turn measures the utility of its neighbours.
     *
     * @param turn from 0
     */
    public boolean measuresUtility(int turn) {
        return utilityEvery > 0 && (turn + 1) % utilityEvery == 0;
    }

    /** The tick at which everything ends at the latest: {@link #until}, or the end of virtual time. */
    public long end() {
        return Math.min(until(), Ticks.END);
    }

    /** The least number of ticks between the sending and the arrival of a message. */
    public long lookAhead() {
        return Ticks.lookAhead(links().least());
    }
}
