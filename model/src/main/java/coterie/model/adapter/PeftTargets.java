package coterie.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Which modules of GPT-2 a PEFT configuration adapts, by PEFT's own rules: {@code target_modules} is a list of names,
 * of which a module has one at its end, or a regular expression for the whole name, or {@code all-linear}; without it
 * PEFT takes c_attn. {@code exclude_modules} takes some away, {@code layers_to_transform} leaves only some layers.
 */
final class PeftTargets {
    /** Modules outside of blocks, and within them those that are not linear layers. */
    private static final List<String> OTHERS = List.of(
            "transformer",
            "transformer.wte",
            "transformer.wpe",
            "transformer.drop",
            "transformer.h",
            "transformer.ln_f",
            "lm_head");

    private static final List<String> OTHERS_IN_BLOCK = List.of(
            "",
            ".ln_1",
            ".attn",
            ".attn.attn_dropout",
            ".attn.resid_dropout",
            ".ln_2",
            ".mlp",
            ".mlp.act",
            ".mlp.dropout");
    private final String file;
    private final List<String> names;
    private final String expression;
    private final boolean allLinear;
    private final List<String> excludedNames;
    private final String excludedExpression;
    private final Set<Integer> layers = new java.util.TreeSet<>();
    private final List<String> layersPatterns;

    PeftTargets(JsonNode json, String file) throws IOException {
        this.file = file;
        JsonNode wanted = json.path("target_modules");
        allLinear = wanted.isTextual()
                && wanted.textValue().toLowerCase(Locale.ROOT).equals("all-linear");
        expression = wanted.isTextual() && !allLinear ? wanted.textValue() : null;
        names = wanted.isMissingNode() || wanted.isNull()
                ? List.of("c_attn")
                : wanted.isTextual() ? List.of() : names(wanted, "target_modules");
        JsonNode excluded = json.path("exclude_modules");
        excludedExpression = excluded.isTextual() && !excluded.textValue().isEmpty() ? excluded.textValue() : null;
        excludedNames =
                ForeignKeys.nothing(excluded) || excluded.isTextual() ? List.of() : names(excluded, "exclude_modules");
        JsonNode only = json.path("layers_to_transform");
        if (!only.isMissingNode() && !only.isNull()) {
            Iterable<JsonNode> all = only.isArray() ? only : List.of(only);
            for (JsonNode v : all) {
                if (!v.isIntegralNumber() || !v.canConvertToInt() || v.intValue() < 0) {
                    throw new IOException(file
                            + ": layers_to_transform must be a layer's number or a list of them, found "
                            + ForeignText.brief(only));
                }
                layers.add(v.intValue());
            }
        }
        JsonNode patterns = json.path("layers_pattern");
        layersPatterns = ForeignKeys.nothing(patterns)
                ? List.of()
                : patterns.isTextual() ? List.of(patterns.textValue()) : names(patterns, "layers_pattern");
        if (wanted.isTextual() && !layers.isEmpty()) {
            throw new IOException(file + ": layers_to_transform goes with a list of target_modules only, found "
                    + ForeignText.brief(wanted));
        }
    }

    private List<String> names(JsonNode list, String key) throws IOException {
        List<String> all = new ArrayList<>();
        for (JsonNode v : list) {
            all.add(v.isTextual() ? v.textValue() : "");
        }
        if (!list.isArray() || all.isEmpty() || all.contains("")) {
            throw new IOException(file + ": " + key + " must be a list of module names or a regular expression, found "
                    + ForeignText.brief(list));
        }
        return all;
    }

    /**
     * The layers that are adapted in every block of a base.
     *
     * @throws IOException with the key at fault, where none is, where blocks differ, or where a module is adapted that
     *     is not a linear layer of a block
     */
    Set<TargetModule> places(int blocks) throws IOException {
        for (String other : OTHERS) {
            refuse(other);
        }
        Set<TargetModule> places = EnumSet.noneOf(TargetModule.class);
        for (int l = 0; l < blocks; l++) {
            for (String other : OTHERS_IN_BLOCK) {
                refuse("transformer.h." + l + other);
            }
            Set<TargetModule> here = EnumSet.noneOf(TargetModule.class);
            for (TargetModule p : TargetModule.values()) {
                if (adapts(PeftConfig.module(l, p))) {
                    here.add(p);
                }
            }
            if (l > 0 && !here.equals(places)) {
                throw new IOException(file + ": " + (layers.isEmpty() ? "target_modules" : "layers_to_transform")
                        + " adapts " + modules(here) + " of layer "
                        + l + " and " + modules(places) + " of layer 0; all layers must be adapted alike");
            }
            places = here;
        }
        if (places.isEmpty()) {
            throw new IOException(
                    file + ": target_modules adapts none of " + modules(EnumSet.allOf(TargetModule.class)));
        }
        return places;
    }

    private void refuse(String module) throws IOException {
        if (adapts(module)) {
            throw new IOException(file + ": target_modules adapts " + module + "; only "
                    + modules(EnumSet.allOf(TargetModule.class)) + " can be adapted");
        }
    }

    private static String modules(Set<TargetModule> places) {
        return places.isEmpty()
                ? "nothing"
                : String.join(", ", places.stream().map(TargetModule::module).toList());
    }

    private boolean adapts(String module) throws IOException {
        if (excludedExpression == null
                ? named(module, excludedNames)
                : PeftPatterns.search(excludedExpression, module, Matcher::matches, "exclude_modules", file)) {
            return false;
        }
        if (allLinear) {
            return linear(module);
        }
        if (expression != null) {
            return PeftPatterns.search(expression, module, Matcher::matches, "target_modules", file);
        }
        // PEFT looks at the layer only where a name stands for the end of a module's.
        return names.contains(module) || named(module, names) && (layers.isEmpty() || inLayers(module));
    }

    private static boolean linear(String module) {
        for (TargetModule p : TargetModule.values()) {
            if (module.endsWith("." + p.module())) {
                return true;
            }
        }
        return false;
    }

    private static boolean named(String module, List<String> names) {
        return names.contains(module) || names.stream().anyMatch(n -> module.endsWith("." + n));
    }

    private boolean inLayers(String module) throws IOException {
        for (String pattern : layersPatterns.isEmpty() ? List.of(".*?\\.[^.]*") : layersPatterns) {
            String whole = (layersPatterns.isEmpty() ? pattern : "(?:^|.*?\\.)" + pattern) + "\\.(?<idx>\\d{1,9})\\.";
            Integer layer = PeftPatterns.search(
                    whole, module, m -> m.lookingAt() ? Integer.valueOf(m.group("idx")) : null, "layers_pattern", file);
            if (layer != null) {
                return layers.contains(layer);
            }
        }
        return false;
    }
}
