package coterie.model.base;

import java.util.List;

/**
 * How Hugging Face's files name the arrays and modules of a family.
 *
 * @param prefix of array names, which some files leave out; the output head never has it
 * @param embedding array of the token embedding
 * @param head array of the output head, if it is not the token embedding
 * @param blocks full name of a block, to which its number is appended
 * @param others full names of the modules outside blocks
 * @param othersInBlock modules of a block that are not a {@link Projection}, relative to the block and with a leading
 *     dot; the block itself is the empty name
 * @param defaultTargets projections that PEFT adapts if an adapter's configuration names none
 * @param transposed whether the modules' weights are [in, out], which PEFT calls {@code fan_in_fan_out}
 * @param layersKey key of {@code config.json} that holds the number of layers
 */
public record ModuleNames(
        String prefix,
        String embedding,
        String head,
        String blocks,
        List<String> others,
        List<String> othersInBlock,
        List<String> defaultTargets,
        boolean transposed,
        String layersKey) {
    public ModuleNames {
        others = List.copyOf(others);
        othersInBlock = List.copyOf(othersInBlock);
        defaultTargets = List.copyOf(defaultTargets);
    }

    /** The full name of a block's module. */
    public String module(int block, Projection projection) {
        return blocks + block + "." + projection.name();
    }
}
