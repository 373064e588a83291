package coterie.topology.group;

import coterie.topology.availability.Participation;
import coterie.topology.availability.ParticipationSchedule;
import coterie.topology.availability.Sessions;
import coterie.topology.device.ComputeTime;
import coterie.topology.device.CrashRate;
import coterie.topology.device.CrashRates;
import coterie.topology.network.Bandwidth;
import coterie.topology.network.Latency;
import coterie.topology.settings.Population;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The groups of a simulation's users. Combines the models of groups and of the simulation into one that gives each user
 * its own. A model that applies to users together, such as a share of stragglers, applies to those that follow it.
 */
public final class Groups {
    private final List<Group> groups;
    private final int[] of;

    private Groups(List<Group> groups, int[] of) {
        this.groups = groups;
        this.of = of;
    }

    /**
     * Divides users into groups.
     *
     * @throws GroupException if a user would be in two groups, there is no such user, there are too few users, a group
     *     would have none, or two groups have the same name
     */
    public static Groups of(long seed, int users, List<Group> groups) {
        for (int g = 0; g < groups.size(); g++) {
            for (Group before : groups.subList(0, g)) {
                if (before.name().equals(groups.get(g).name())) {
                    throw new GroupException(g, "name", "is the name of another group, found " + before.name(), null);
                }
            }
        }
        return new Groups(
                List.copyOf(groups),
                Division.of(seed, users, groups.stream().map(Group::members).toList()));
    }

    /** Whether there are groups. */
    public boolean any() {
        return !groups.isEmpty();
    }

    /** The names of all groups, and last that of the other users if there are any. */
    public List<String> names() {
        List<String> names = new ArrayList<>(groups.stream().map(Group::name).toList());
        if (Arrays.stream(of).anyMatch(g -> g == groups.size())) {
            names.add(Group.OTHERS);
        }
        return names;
    }

    /** The group of each user as index into {@link #names}, [users]. */
    public int[] ofUsers() {
        return of.clone();
    }

    /**
     * Returns compute times.
     *
     * @param common of users whose group has none
     */
    public ComputeTime compute(ComputeTime common) {
        if (groups.stream().allMatch(g -> g.compute() == null)) {
            return common;
        }
        return (population, work) -> {
            List<ComputeTime.Pace> each =
                    each("time.compute", population, Group::compute, common, (model, part) -> model.of(part, work));
            return (user, turn) -> each.get(of[user]).seconds(user, turn);
        };
    }

    /**
     * Returns participation.
     *
     * @param common of users whose group has none
     */
    public Participation participation(Participation common) {
        if (groups.stream().allMatch(g -> g.participation() == null)) {
            return common;
        }
        return population -> {
            List<ParticipationSchedule> each =
                    each("participation", population, Group::participation, common, (model, part) -> model.of(part));
            return new ParticipationSchedule() {
                @Override
                public boolean takesPart(int user, int turn) {
                    return each.get(of[user]).takesPart(user, turn);
                }

                @Override
                public Sessions sessions(int user) {
                    return each.get(of[user]).sessions(user);
                }
            };
        };
    }

    /**
     * Returns latency: a message between two groups takes the longer of their two delays.
     *
     * @param common of users whose group has none
     */
    public Latency latency(Latency common) {
        if (groups.stream().allMatch(g -> g.latency() == null)) {
            return common;
        }
        return population -> {
            List<Latency.Delays> each =
                    each("time.latency", population, Group::latency, common, (model, part) -> model.of(part));
            double least = Arrays.stream(of)
                    .distinct()
                    .mapToDouble(g -> each.get(g).least())
                    .min()
                    .orElseThrow();
            return new Latency.Delays() {
                @Override
                public double seconds(int from, int to, long number) {
                    Latency.Delays sender = each.get(of[from]);
                    Latency.Delays receiver = each.get(of[to]);
                    double seconds = sender.seconds(from, to, number);
                    return sender == receiver ? seconds : Math.max(seconds, receiver.seconds(from, to, number));
                }

                @Override
                public double least() {
                    return least;
                }
            };
        };
    }

    /**
     * Returns bandwidth.
     *
     * @param common of users whose group has none
     */
    public Bandwidth bandwidth(Bandwidth common) {
        if (groups.stream().allMatch(g -> g.bandwidth() == null)) {
            return common;
        }
        return population -> {
            List<Bandwidth.Lines> each =
                    each("time.bandwidth", population, Group::bandwidth, common, (model, part) -> model.of(part));
            return Arrays.stream(of).allMatch(g -> each.get(g) == null) ? null : new GroupedLines(each, of);
        };
    }

    /**
     * Returns the rates of random crashes.
     *
     * @param common of users whose group has none
     */
    public CrashRates crashes(CrashRate common) {
        CrashRate[] rates = Arrays.stream(of)
                .mapToObj(g -> g < groups.size() && groups.get(g).faults() != null
                        ? groups.get(g).faults()
                        : common)
                .toArray(CrashRate[]::new);
        boolean any = Arrays.stream(rates).anyMatch(r -> r.perHour() > 0);
        return new CrashRates() {
            @Override
            public CrashRate of(int user) {
                return rates[user];
            }

            @Override
            public boolean any() {
                return any;
            }
        };
    }

    /**
     * Applies the model of each group to its users, and the common model to all others.
     *
     * @return by group, the users in none last; null if no user follows the common model
     */
    private <M, A> List<A> each(
            String key, Population all, Function<Group, M> own, M common, BiFunction<M, Population, A> apply) {
        int[] followers = IntStream.range(0, of.length)
                .filter(u -> of[u] == groups.size() || own.apply(groups.get(of[u])) == null)
                .toArray();
        A ofOthers = followers.length == 0 ? null : apply.apply(common, all.part(followers, -1));
        List<A> applied = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            M model = own.apply(groups.get(g));
            int group = g;
            int[] members =
                    IntStream.range(0, of.length).filter(u -> of[u] == group).toArray();
            try {
                applied.add(model == null ? ofOthers : apply.apply(model, all.part(members, g)));
            } catch (IllegalArgumentException e) {
                throw new GroupException(g, key, e.getMessage(), e);
            }
        }
        applied.add(ofOthers);
        return applied;
    }
}
