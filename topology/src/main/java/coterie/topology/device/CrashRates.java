package coterie.topology.device;

/** How often the device of each user fails at random. */
public interface CrashRates {
    CrashRate of(int user);

    /** Whether any device fails. */
    boolean any();

    /** The same rate for all users. */
    static CrashRates same(CrashRate rate) {
        return new CrashRates() {
            @Override
            public CrashRate of(int user) {
                return rate;
            }

            @Override
            public boolean any() {
                return rate.perHour() > 0;
            }
        };
    }
}
