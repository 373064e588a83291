package coterie.model.adapter;

import coterie.topology.settings.Written;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A name for some of the layers of every block: a part as a whole, all, or layers as Hugging Face's GPT-2 calls its
 * modules.
 */
public enum Target implements Written {
    ATTENTION(TargetModule.ATTENTION_QKV, TargetModule.ATTENTION_OUTPUT),
    MLP(TargetModule.MLP_IN, TargetModule.MLP_OUT),
    ALL_LINEAR(TargetModule.values()),
    ATTN_C_ATTN(TargetModule.ATTENTION_QKV),
    ATTN_C_PROJ(TargetModule.ATTENTION_OUTPUT),
    MLP_C_FC(TargetModule.MLP_IN),
    MLP_C_PROJ(TargetModule.MLP_OUT),
    C_ATTN(TargetModule.ATTENTION_QKV),
    /** Of attention and of the MLP: both modules have this name. */
    C_PROJ(TargetModule.ATTENTION_OUTPUT, TargetModule.MLP_OUT),
    C_FC(TargetModule.MLP_IN);

    private final Set<TargetModule> places;

    Target(TargetModule... places) {
        this.places = Set.of(places);
    }

    /** The layers it names. */
    public Set<TargetModule> places() {
        return places;
    }

    /** As files write it: {@code attention}, {@code all-linear}, {@code attn.c_attn}, {@code c_fc}. */
    @Override
    public String text() {
        String name = name().toLowerCase(Locale.ROOT);
        return this == ALL_LINEAR ? "all-linear" : name.replaceFirst("^(attn|mlp)_", "$1.");
    }

    /** The shortest way to name these layers, parts as a whole where they are. */
    public static Set<Target> naming(Set<TargetModule> places) {
        Set<Target> targets = EnumSet.noneOf(Target.class);
        for (Target whole : Set.of(ATTENTION, MLP)) {
            if (places.containsAll(whole.places)) {
                targets.add(whole);
            }
        }
        for (Target one : Set.of(ATTN_C_ATTN, ATTN_C_PROJ, MLP_C_FC, MLP_C_PROJ)) {
            if (places.containsAll(one.places) && targets.stream().noneMatch(t -> t.places.containsAll(one.places))) {
                targets.add(one);
            }
        }
        return targets;
    }

    /** All names, for messages. */
    static String names() {
        return java.util.Arrays.stream(values()).map(Target::text).collect(Collectors.joining(", "));
    }
}
