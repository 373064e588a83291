package coterie.model.base;

/**
 * A linear layer of a block that LoRA can adapt.
 *
 * @param role what it is for
 * @param name within a block, as Hugging Face's files name it
 */
public record Projection(Role role, String name) {
    /** The last component of its name, which other layers of the block may share. */
    public String shortName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
