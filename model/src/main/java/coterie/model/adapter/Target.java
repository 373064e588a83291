package coterie.model.adapter;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import coterie.model.base.BaseFamily;
import coterie.model.base.Projection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Names layers of every block that LoRA adapts: a part of the block ({@code attention}, {@code mlp}), all
 * ({@code all-linear}), or a layer by its full or its short name in Hugging Face's files ({@code attn.c_attn},
 * {@code c_fc}).
 */
public final class Target {
    public static final Target ATTENTION = new Target("attention");
    public static final Target MLP = new Target("mlp");
    public static final Target ALL_LINEAR = new Target("all-linear");
    private final String text;

    private Target(String text) {
        this.text = text;
    }

    /**
     * The target of a name.
     *
     * @throws IllegalArgumentException if no family has layers of this name
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Target of(String text) {
        if (!names().contains(text)) {
            throw new IllegalArgumentException("found " + text + ", allowed: " + String.join(", ", names()));
        }
        return new Target(text);
    }

    /** All names, of all families. */
    public static List<String> names() {
        Set<String> names = new LinkedHashSet<>(List.of(ATTENTION.text, MLP.text, ALL_LINEAR.text));
        for (BaseFamily family : BaseFamily.all()) {
            family.projections().forEach(p -> names.add(p.name()));
            family.projections().forEach(p -> names.add(p.shortName()));
        }
        return new ArrayList<>(names);
    }

    /** As files write it. */
    @JsonValue
    public String text() {
        return text;
    }

    /**
     * The layers of a family that it names.
     *
     * @throws IllegalArgumentException if it names none
     */
    public Set<Projection> projections(BaseFamily family) {
        Predicate<Projection> named = equals(ALL_LINEAR)
                ? p -> true
                : equals(ATTENTION)
                        ? p -> !p.role().mlp()
                        : equals(MLP)
                                ? p -> p.role().mlp()
                                : p -> p.name().equals(text) || p.shortName().equals(text);
        Set<Projection> all =
                family.projections().stream().filter(named).collect(Collectors.toCollection(LinkedHashSet::new));
        if (all.isEmpty()) {
            throw new IllegalArgumentException("targets: " + family.title() + " has no layer " + text + "; it has "
                    + family.projections().stream().map(Projection::name).collect(Collectors.joining(", ")));
        }
        return all;
    }

    /** The shortest way to name these layers of a family: whole parts of the block where possible. */
    public static Set<Target> naming(Set<Projection> projections, BaseFamily family) {
        Set<Target> targets = new LinkedHashSet<>();
        Set<Projection> left = new LinkedHashSet<>(projections);
        for (Target part : List.of(ATTENTION, MLP)) {
            Set<Projection> whole = part.projections(family);
            if (projections.containsAll(whole)) {
                targets.add(part);
                left.removeAll(whole);
            }
        }
        for (Projection p : family.projections()) {
            if (left.contains(p)) {
                targets.add(new Target(p.name()));
            }
        }
        return targets;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Target t && t.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
