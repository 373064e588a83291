package coterie.model.base;

/**
 * A linear layer of a block that LoRA can adapt.
 *
 * @param name within a block, as Hugging Face's files name it
 * @param part of the block it belongs to
 */
public record Projection(String name, Part part) {
    /** A part of a transformer block. */
    public enum Part {
        ATTENTION,
        MLP
    }

    /** The last component of its name, which other layers of the block may share. */
    public String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
