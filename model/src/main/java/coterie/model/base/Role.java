package coterie.model.base;

import java.util.Locale;

/** What a module of a decoder is for. Families name their modules differently; the program names them by role. */
public enum Role {
    /** Of tokens, [V, D]. */
    EMBEDDING,
    /** Learned positions, [C, D]. */
    POSITIONS,
    /** Before the output head. */
    NORM,
    /** Output head, [V, D]; absent if tied to the embedding. */
    HEAD,
    ATTENTION_NORM,
    /** Queries, keys and values by one linear layer. */
    QUERY_KEY_VALUE,
    QUERY,
    KEY,
    VALUE,
    /** Of each head's query. */
    QUERY_NORM,
    /** Of each head's key. */
    KEY_NORM,
    /** Output layer of attention. */
    OUTPUT,
    /** Of attention's output. */
    OUTPUT_NORM,
    MLP_NORM,
    /** First layer of a gated MLP, whose activation multiplies that of {@link #UP}. */
    GATE,
    UP,
    DOWN,
    /** Of the MLP's output. */
    DOWN_NORM;

    /** Whether it stands once in every block. */
    public boolean inBlock() {
        return compareTo(ATTENTION_NORM) >= 0;
    }

    /** Whether it is a linear layer of a block, which LoRA can adapt. */
    public boolean linear() {
        return switch (this) {
            case QUERY_KEY_VALUE, QUERY, KEY, VALUE, OUTPUT, GATE, UP, DOWN -> true;
            default -> false;
        };
    }

    /** Whether it belongs to the MLP. */
    public boolean mlp() {
        return compareTo(MLP_NORM) >= 0;
    }

    /** As the program names it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
