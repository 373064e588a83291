package coterie.topology.group;

import coterie.topology.network.Bandwidth;
import coterie.topology.time.Ticks;
import java.util.List;

/** Links of users whose groups have different bandwidths. */
final class GroupedLines implements Bandwidth.Lines {
    private final List<Bandwidth.Lines> each;
    private final int[] of;

    /**
     * @param each links by group; null where unlimited
     * @param of group of each user, [users]
     */
    GroupedLines(List<Bandwidth.Lines> each, int[] of) {
        this.each = each;
        this.of = of;
    }

    private Bandwidth.Lines of(int user) {
        return each.get(of[user]);
    }

    @Override
    public double up(int user, long tick) {
        return of(user) == null ? Double.POSITIVE_INFINITY : of(user).up(user, tick);
    }

    @Override
    public double down(int user, long tick) {
        return of(user) == null ? Double.POSITIVE_INFINITY : of(user).down(user, tick);
    }

    @Override
    public long change(int user, long tick) {
        return of(user) == null ? Ticks.NEVER : of(user).change(user, tick);
    }

    @Override
    public double mostUp(int user) {
        return of(user) == null ? Double.POSITIVE_INFINITY : of(user).mostUp(user);
    }

    @Override
    public double mostDown(int user) {
        return of(user) == null ? Double.POSITIVE_INFINITY : of(user).mostDown(user);
    }
}
