package coterie.model.adapter;

import coterie.model.base.DecoderConfig;
import coterie.model.base.Projection;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The layout of a user's adapter as a flat row [P]: for each block and adapted {@link Projection}, A [r, in] and then B
 * [out, r], row-major. Projections that are not adapted take no space.
 *
 * <p>For GPT-2 124M, rank 4 and all projections P is 589,824.
 *
 * <p>A layout belongs to a user. Only rows of equal layouts can be mixed, or trained in one pass.
 */
public final class AdapterLayout {
    /**
     * An adapted linear layer.
     *
     * @param layer number of its block
     * @param offsetA where A [rank, in] begins
     * @param offsetB where B [out, rank] begins
     */
    public record Part(int layer, Projection projection, int in, int out, int rank, int offsetA, int offsetB) {
        public int sizeA() {
            return rank * in;
        }

        public int sizeB() {
            return out * rank;
        }
    }

    private final DecoderConfig config;
    private final LoraConfig lora;
    private final List<Part> parts;
    private final int size;

    /**
     * Lays out the adapters of a LoRA on a base.
     *
     * @throws IllegalArgumentException if the row would not fit in a Java array, or a target is no layer of the base
     */
    public AdapterLayout(DecoderConfig config, LoraConfig lora) {
        this.config = config;
        this.lora = lora;
        Set<Projection> adapted = lora.projections(config.family());
        List<Part> all = new ArrayList<>();
        long at = 0;
        for (int layer = 0; layer < config.blocks(); layer++) {
            for (Projection p : config.family().projections()) {
                if (!adapted.contains(p)) {
                    continue;
                }
                int in = config.in(p.role());
                int out = config.out(p.role());
                long next = at + (long) lora.rank() * (in + out);
                if (next > Integer.MAX_VALUE - 8) {
                    throw new IllegalArgumentException(
                            "an adapter of rank " + lora.rank() + " has more than 2^31 parameters");
                }
                all.add(new Part(layer, p, in, out, lora.rank(), (int) at, (int) at + lora.rank() * in));
                at = next;
            }
        }
        parts = List.copyOf(all);
        size = (int) at;
    }

    /** P, the number of trainable parameters. */
    public int size() {
        return size;
    }

    public List<Part> parts() {
        return parts;
    }

    /** A name that equal layouts share, for instance {@code rank 4 on attn.c_attn, attn.c_proj of 12 blocks}. */
    public String name() {
        String projections = parts.stream()
                .map(p -> p.projection().name() + " [" + p.out() + ", " + p.in() + "]")
                .distinct()
                .collect(Collectors.joining(", "));
        return "rank " + lora.rank() + " on " + projections + " of " + config.blocks() + " blocks";
    }

    public DecoderConfig config() {
        return config;
    }

    public LoraConfig lora() {
        return lora;
    }

    /**
     * Sizes of A and B for every block and projection in turn, 0 where a projection is not adapted: how the program
     * splits a row.
     */
    public long[] sizes() {
        List<Projection> projections = config.family().projections();
        long[] sizes = new long[2 * config.blocks() * projections.size()];
        for (Part p : parts) {
            int at = 2 * (p.layer() * projections.size() + projections.indexOf(p.projection()));
            sizes[at] = p.sizeA();
            sizes[at + 1] = p.sizeB();
        }
        return sizes;
    }

    /** How A is drawn at the start; B is always zero, so that an adapter starts as no change. */
    public enum Start {
        /**
         * A from U(−1/√in, 1/√in) (Kaiming-uniform with a = √5), the same for every user: then an average of adapters
         * is an adapter of the average.
         */
        SHARED,
        /** The same distribution, drawn for each user. */
        PER_USER,
        /** Drawn for each user from U(−1/√r, 1/√r), as in the paper's released code: the fan-in of the wrong axis. */
        RELEASED
    }

    /** A user's row [P] at the start of a run. */
    public float[] start(Start start, long seed, int user) {
        float[] row = new float[size];
        RandomStream stream = RandomStream.of(seed, Purpose.INITIAL_WEIGHTS, start == Start.SHARED ? -1 : user);
        for (Part p : parts) {
            double bound = 1 / StrictMath.sqrt(start == Start.RELEASED ? p.rank() : p.in());
            for (int i = 0; i < p.sizeA(); i++) {
                row[p.offsetA() + i] = (float) stream.uniform(-bound, bound);
            }
        }
        return row;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof AdapterLayout l && l.config.equals(config) && l.lora.equals(lora);
    }

    @Override
    public int hashCode() {
        return 31 * config.hashCode() + lora.hashCode();
    }

    /** In a few words, for messages. */
    @Override
    public String toString() {
        return "rank " + lora.rank() + " on "
                + Target.naming(lora.projections(config.family()), config.family()).stream()
                        .map(Target::text)
                        .toList()
                + ", " + size + " parameters";
    }
}
