package coterie.actors.schedule;

/** What a user does in a turn in which it does not take part. */
public enum OfflineBehaviour {
    /** It trains, but neither publishes nor mixes. */
    TRAIN,
    /** It does nothing. */
    SLEEP
}
