package coterie.model.base.gpt2;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.BaseConfig;
import coterie.model.base.BaseFamily;
import coterie.model.base.ModuleNames;
import coterie.model.base.Projection;
import coterie.model.base.Projection.Part;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GPT-2 (Radford et al., 2019), in Hugging Face's files. */
public final class Gpt2Family implements BaseFamily {
    /** The family; a service loader makes others that are equal to it. */
    public static final Gpt2Family INSTANCE = new Gpt2Family();
    /** Fused query, key and value: D → 3D. */
    public static final Projection C_ATTN = new Projection("attn.c_attn", Part.ATTENTION);
    /** Output of attention: D → D. */
    public static final Projection ATTN_PROJ = new Projection("attn.c_proj", Part.ATTENTION);
    /** First layer of the MLP: D → 4D. */
    public static final Projection C_FC = new Projection("mlp.c_fc", Part.MLP);
    /** Second layer of the MLP: 4D → D. */
    public static final Projection MLP_PROJ = new Projection("mlp.c_proj", Part.MLP);

    static final String HEAD = "lm_head.weight";
    private static final List<Projection> PROJECTIONS = List.of(C_ATTN, ATTN_PROJ, C_FC, MLP_PROJ);
    private static final ModuleNames NAMES = new ModuleNames(
            "transformer.",
            "wte.weight",
            HEAD,
            "transformer.h.",
            List.of(
                    "transformer",
                    "transformer.wte",
                    "transformer.wpe",
                    "transformer.drop",
                    "transformer.h",
                    "transformer.ln_f",
                    "lm_head"),
            List.of(
                    "",
                    ".ln_1",
                    ".attn",
                    ".attn.attn_dropout",
                    ".attn.resid_dropout",
                    ".ln_2",
                    ".mlp",
                    ".mlp.act",
                    ".mlp.dropout"),
            List.of("c_attn"),
            true,
            "n_layer");
    /** Masks of attention, which older versions of transformers saved. */
    private static final Pattern MASK =
            Pattern.compile("(?:transformer\\.)?h\\.\\d{1,9}\\.attn\\.(?:bias|masked_bias)");

    private static final Pattern BLOCK = Pattern.compile("(?:transformer\\.)?h\\.(\\d{1,9})\\..*");

    @Override
    public String modelType() {
        return "gpt2";
    }

    @Override
    public String title() {
        return "GPT-2";
    }

    @Override
    public boolean assumed() {
        return true;
    }

    @Override
    public BaseConfig read(JsonNode json, String file) throws IOException {
        return Gpt2ConfigFile.read(json, file);
    }

    @Override
    public List<Projection> projections() {
        return PROJECTIONS;
    }

    @Override
    public ModuleNames names() {
        return NAMES;
    }

    @Override
    public boolean ignores(String array) {
        return MASK.matcher(array).matches();
    }

    @Override
    public OptionalInt block(String array) {
        Matcher m = BLOCK.matcher(array);
        return m.matches() ? OptionalInt.of(Integer.parseInt(m.group(1))) : OptionalInt.empty();
    }

    @Override
    public String script() {
        try (InputStream in = Gpt2Family.class.getResourceAsStream("gpt2.py")) {
            return ForeignText.decode(in.readAllBytes(), "gpt2.py");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Gpt2Family;
    }

    @Override
    public int hashCode() {
        return Gpt2Family.class.hashCode();
    }
}
