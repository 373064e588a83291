package coterie.actors.calendar;

/** Which users are idle: have nothing left to do, see {@link coterie.actors.user.Outlook#idle}. */
public final class IdleUsers {
    private final boolean[] idle;
    private int active;

    /** Creates users that are not idle. */
    public IdleUsers(int users) {
        idle = new boolean[users];
        active = users;
    }

    public void set(int user, boolean isIdle) {
        active += idle[user] == isIdle ? 0 : isIdle ? -1 : 1;
        idle[user] = isIdle;
    }

    /** Whether all users are idle. */
    public boolean all() {
        return active == 0;
    }
}
