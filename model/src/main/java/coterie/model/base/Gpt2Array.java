package coterie.model.base;

import java.util.ArrayList;
import java.util.List;

/**
 * An array of a GPT-2 base, in the order in which the program takes them.
 *
 * @param name its name in Hugging Face's files, without the prefix {@code transformer.} that some of them have
 * @param shape as the program wants it; weights are [out, in]
 * @param transposed whether the file holds the transpose, as it does for GPT-2's four "Conv1D" weights [in, out]
 * @param kind how the array starts when a base is trained from nothing, and whether bfloat16 applies
 */
public record Gpt2Array(String name, int[] shape, boolean transposed, Kind kind) {
    /** What an array is. */
    public enum Kind {
        EMBEDDING,
        GAIN,
        BIAS,
        WEIGHT,
        RESIDUAL_WEIGHT
    }

    /** The output head's weight, where it is not the token embedding; its name never has a prefix. */
    public static final String HEAD = "lm_head.weight";

    /** Where the output head stands among a base's arrays. */
    public static int head(Gpt2Config c) {
        return c.tied() ? 0 : 4 + 12 * c.layers();
    }

    /** All arrays of this shape of base. */
    public static List<Gpt2Array> of(Gpt2Config c) {
        int d = c.width();
        List<Gpt2Array> all = new ArrayList<>();
        all.add(new Gpt2Array("wte.weight", new int[] {c.vocabulary(), d}, false, Kind.EMBEDDING));
        all.add(new Gpt2Array("wpe.weight", new int[] {c.context(), d}, false, Kind.EMBEDDING));
        norm(all, "ln_f", d);
        for (int l = 0; l < c.layers(); l++) {
            String h = "h." + l + ".";
            norm(all, h + "ln_1", d);
            linear(all, h + "attn.c_attn", d, 3 * d, Kind.WEIGHT);
            linear(all, h + "attn.c_proj", d, d, Kind.RESIDUAL_WEIGHT);
            norm(all, h + "ln_2", d);
            linear(all, h + "mlp.c_fc", d, 4 * d, Kind.WEIGHT);
            linear(all, h + "mlp.c_proj", 4 * d, d, Kind.RESIDUAL_WEIGHT);
        }
        if (!c.tied()) {
            all.add(new Gpt2Array(HEAD, new int[] {c.vocabulary(), d}, false, Kind.EMBEDDING));
        }
        return all;
    }

    private static void norm(List<Gpt2Array> all, String name, int d) {
        all.add(new Gpt2Array(name + ".weight", new int[] {d}, false, Kind.GAIN));
        all.add(new Gpt2Array(name + ".bias", new int[] {d}, false, Kind.BIAS));
    }

    private static void linear(List<Gpt2Array> all, String name, int in, int out, Kind kind) {
        all.add(new Gpt2Array(name + ".weight", new int[] {out, in}, true, kind));
        all.add(new Gpt2Array(name + ".bias", new int[] {out}, false, Kind.BIAS));
    }

    public int size() {
        int n = 1;
        for (int s : shape) {
            n *= s;
        }
        return n;
    }
}
