package coterie.model.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import coterie.model.adapter.AdapterLayout;
import coterie.model.torch.ComputeDevice;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Continues texts token by token. It keeps keys and values of the tokens it has read, so that a pass reads one token
 * and not the whole text once more.
 */
public final class TextGenerator {
    private final DecoderProgram program;
    private final FrozenBase base;
    private final ComputeDevice device;

    /** Creates a generator on the device of a base. */
    public TextGenerator(DecoderProgram program, FrozenBase base, ComputeDevice device) {
        this.program = program;
        this.base = base;
        this.device = device;
    }

    /**
     * Continues a text with the base and an adapter.
     *
     * @param layout of the adapter
     * @param row the adapter [P], on the device
     * @param beginning at least one token
     * @param most number of tokens to add; fewer if the context is full before
     * @param top number of most likely tokens to choose from, at most the vocabulary
     * @param choice the index of the next token among them, given their logits [top] in falling order
     * @return the tokens added
     * @throws IllegalArgumentException if the beginning is empty
     */
    public int[] continued(
            AdapterLayout layout, NDArray row, int[] beginning, int most, int top, ToIntFunction<float[]> choice) {
        if (beginning.length == 0) {
            throw new IllegalArgumentException("a text to continue must have at least one token");
        }
        int added = Math.min(most, base.config().context() - beginning.length);
        if (added <= 0) {
            return new int[0];
        }
        int length = beginning.length + added;
        int[] text = Arrays.copyOf(beginning, length);
        try (NDManager scratch = device.root().newSubManager()) {
            // Nothing comes after the last token: its keys and values are not kept.
            List<NDArray> cache = cache(length - 1, scratch);
            int read = 0;
            for (int at = beginning.length; at < length; at++) {
                try (NDManager m = scratch.newSubManager()) {
                    long[] unread = Arrays.stream(text, read, at).asLongStream().toArray();
                    NDArray ids = m.create(unread, new Shape(1, unread.length));
                    NDList likeliest = program.nextLogits(ids, layout, row, base, cache, read, top, m);
                    int chosen = choice.applyAsInt(ComputeDevice.floats(likeliest.get(0)));
                    text[at] = Math.toIntExact(ComputeDevice.longs(likeliest.get(1))[chosen]);
                }
                read = at;
            }
        }
        return Arrays.copyOfRange(text, beginning.length, length);
    }

    /** Room for keys and values of {@code tokens} tokens: an array a block, [2, tokens, heads, head width]. */
    private List<NDArray> cache(int tokens, NDManager owner) {
        int heads = base.config().attention().keyValueHeads();
        Shape shape = new Shape(2, tokens, heads, base.config().attention().headWidth());
        return IntStream.range(0, base.config().blocks())
                .mapToObj(block -> owner.zeros(shape))
                .toList();
    }
}
