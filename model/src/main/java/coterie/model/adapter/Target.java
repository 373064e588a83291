package coterie.model.adapter;

/** A part of every transformer block that may be adapted as a whole. */
public enum Target { ATTENTION, MLP }
