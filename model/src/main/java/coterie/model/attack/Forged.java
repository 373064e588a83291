package coterie.model.attack;

import coterie.model.exchange.Predictions;
import coterie.model.exchange.Snapshot;

/** Snapshots with other content than the honest one whose user, turn and layout they bear. */
final class Forged {
    /** An element of a forged snapshot. */
    interface Element {
        /** @param k index of the element */
        double at(int k);
    }

    private Forged() {}

    /**
     * A snapshot with other values. Where parameters are sent beside an update, they are moved by as much as the
     * update.
     *
     * @param predictions null if there are none
     */
    static Snapshot of(Snapshot honest, Element element, Predictions predictions) {
        float[] values = new float[honest.values().length];
        for (int k = 0; k < values.length; k++) {
            values[k] = clamped(element.at(k));
        }
        float[] parameters = honest.parameters();
        if (parameters == honest.values()) {
            parameters = values;
        } else if (parameters != null) {
            float[] moved = new float[values.length];
            for (int k = 0; k < moved.length; k++) {
                moved[k] = clamped((double) parameters[k] + values[k] - honest.values()[k]);
            }
            parameters = moved;
        }
        return of(honest, honest.turn(), values, parameters, predictions);
    }

    /** The content of another snapshot under the name of an honest one. */
    static Snapshot copy(Snapshot honest, Snapshot other) {
        return of(honest, honest.turn(), other.values(), other.parameters(), other.predictions());
    }

    /** The content of an honest snapshot under another turn; not under one below 0. */
    static Snapshot dated(Snapshot honest, int turn) {
        return of(honest, Math.max(0, turn), honest.values(), honest.parameters(), honest.predictions());
    }

    private static Snapshot of(Snapshot honest, int turn, float[] values, float[] parameters, Predictions predictions) {
        return new Snapshot(
                honest.user(),
                turn,
                honest.iteration(),
                honest.layout(),
                values,
                parameters,
                predictions,
                Snapshot.hash(values, parameters, predictions));
    }

    /** The nearest finite float: what overflows would give itself away, and end the receivers' training. */
    private static float clamped(double x) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, x));
    }
}
