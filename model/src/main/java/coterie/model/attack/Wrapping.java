package coterie.model.attack;

import coterie.model.exchange.Snapshot;

/** An attack that says when or how often snapshots are sent, or when they are forged, and may contain another. */
public interface Wrapping extends Attack {
    /** The attack within; null for none, and then snapshots are honest unless the outer attack says otherwise. */
    Attack attack();

    @Override
    default Snapshot forge(Occasion now) {
        return attack() == null ? now.honest() : attack().forge(now);
    }

    @Override
    default boolean needsOthers() {
        return attack() != null && attack().needsOthers();
    }

    @Override
    default boolean eachReceiver() {
        return attack() != null && attack().eachReceiver();
    }

    @Override
    default boolean trains() {
        return attack() == null || attack().trains();
    }

    @Override
    default boolean flipsLabels() {
        return attack() != null && attack().flipsLabels();
    }

    @Override
    default int baits() {
        return attack() == null ? -1 : attack().baits();
    }

    @Override
    default double replacedTokens() {
        return attack() == null ? 0 : attack().replacedTokens();
    }

    @Override
    default double backdoored() {
        return attack() == null ? 0 : attack().backdoored();
    }

    @Override
    default int versions() {
        return attack() == null ? 0 : attack().versions();
    }

    @Override
    default int times() {
        return attack() == null ? 1 : attack().times();
    }

    @Override
    default boolean holdsBack() {
        return attack() != null && attack().holdsBack();
    }

    @Override
    default double sendAt(double now, Timing.Rhythm rhythm) {
        return attack() == null ? now : attack().sendAt(now, rhythm);
    }
}
