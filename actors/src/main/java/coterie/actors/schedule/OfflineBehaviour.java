package coterie.actors.schedule;

/** What a user does while it is offline, that is, in turns in which it does not take part. */
public enum OfflineBehaviour {
    /** It trains, but neither publishes nor mixes. */
    TRAIN,
    /** It does nothing. */
    SLEEP
}
