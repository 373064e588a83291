package coterie.model.program;

/** What the base computes in. Adapters, gradients and moments are float32 always. */
public enum Precision {
    FLOAT32,
    /**
     * Base weights and output head in bfloat16: twice as fast on processors that have it, gradients within about 1e-4
     * (cosine). Others make the same roundings and multiply in float32, about as fast as {@link #FLOAT32} and with as
     * much memory. On a GPU, queries, keys and values are rounded to it too.
     */
    BFLOAT16
}
