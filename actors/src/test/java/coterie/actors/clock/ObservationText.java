package coterie.actors.clock;

import coterie.actors.event.Observation;
import java.util.Arrays;

/** Observations as text, with every digit of their numbers. */
public final class ObservationText {
    private ObservationText() {}

    public static String of(Observation o) {
        return o instanceof Observation.Mixed m
                ? m.seconds() + " " + m.user() + " " + m.turn()
                        + Arrays.toString(m.row().users())
                        + Arrays.toString(m.row().weights())
                        + Arrays.toString(m.row().ages())
                        + Arrays.toString(m.row().scoreAges())
                        + Arrays.toString(m.secondsOld()) + Arrays.toString(m.informationAge())
                        + Arrays.toString(m.versions())
                        + m.updates().stream().map(Arrays::toString).toList()
                : o.toString();
    }
}
