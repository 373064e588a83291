package coterie.model.adapter;

import coterie.model.base.Gpt2Config;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where everything lies in an adapter's flat row [P]: for every block and {@link TargetModule}, A [r, in] and then B
 * [out, r], row-major. Places that are not adapted take no room.
 *
 * <p>At GPT-2 124M, rank 4 and all places P is 589,824.
 */
public final class AdapterLayout {
    /**
     * One adapted linear layer.
     *
     * @param offsetA where its A [rank, in] begins
     * @param offsetB where its B [out, rank] begins
     */
    public record Part(int layer, TargetModule place, int in, int out, int rank, int offsetA, int offsetB) {
        public int sizeA() {
            return rank * in;
        }

        public int sizeB() {
            return out * rank;
        }
    }

    private final Gpt2Config config;
    private final LoraConfig lora;
    private final List<Part> parts = new ArrayList<>();
    private final int size;

    /** @throws IllegalArgumentException where the row would not fit in one Java array */
    public AdapterLayout(Gpt2Config config, LoraConfig lora) {
        this.config = config;
        this.lora = lora;
        Set<TargetModule> places = lora.places();
        long at = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            for (TargetModule place : TargetModule.values()) {
                if (!places.contains(place)) {
                    continue;
                }
                int in = place.in(config);
                int out = place.out(config);
                long next = at + (long) lora.rank() * (in + out);
                if (next > Integer.MAX_VALUE - 8) {
                    throw new IllegalArgumentException(
                            "an adapter of rank " + lora.rank() + " has more than 2^31 parameters");
                }
                parts.add(new Part(layer, place, in, out, lora.rank(), (int) at, (int) at + lora.rank() * in));
                at = next;
            }
        }
        size = (int) at;
    }

    /** P, the number of trainable parameters. */
    public int size() {
        return size;
    }

    public List<Part> parts() {
        return List.copyOf(parts);
    }

    public Gpt2Config config() {
        return config;
    }

    public LoraConfig lora() {
        return lora;
    }

    /** How A is drawn at the start; B is always zero, so that an adapter starts as no change at all. */
    public enum Start {
        /**
         * A from U(−1/√in, 1/√in) (Kaiming-uniform with a = √5), the same for every user: then an average of adapters
         * is an adapter of the average.
         */
        SHARED,
        /** The same distribution, drawn anew for every user. */
        PER_USER,
        /**
         * As the paper's released code has it: anew for every user from U(−1/√r, 1/√r), the fan-in taken on the wrong
         * axis.
         */
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
}
