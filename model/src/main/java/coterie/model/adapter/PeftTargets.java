package coterie.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.ModuleNames;
import coterie.model.base.Projection;
import coterie.model.files.ForeignKeys;
import coterie.model.files.ForeignText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;

/**
 * The modules that a PEFT configuration adapts, by PEFT's own rules: {@code target_modules} is a list of names that a
 * module's name may end with, or a regular expression for the whole name, or {@code all-linear}; without it PEFT adapts
 * a family's default. {@code exclude_modules} removes modules, {@code layers_to_transform} selects layers.
 */
final class PeftTargets {
    private final BaseFamily family;
    private final String file;
    private final List<String> names;
    private final String expression;
    private final boolean allLinear;
    private final List<String> excludedNames;
    private final String excludedExpression;
    private final Set<Integer> layers = new TreeSet<>();
    private final List<String> layersPatterns;

    PeftTargets(JsonNode json, BaseFamily family, String file) throws IOException {
        this.family = family;
        this.file = file;
        JsonNode wanted = json.path("target_modules");
        allLinear = wanted.isTextual()
                && wanted.textValue().toLowerCase(Locale.ROOT).equals("all-linear");
        expression = wanted.isTextual() && !allLinear ? wanted.textValue() : null;
        names = wanted.isMissingNode() || wanted.isNull()
                ? family.names().defaultTargets()
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
     * @throws IOException with the key at fault, if none is adapted, if blocks differ, or if a module is adapted that
     *     is not a linear layer of a block
     */
    Set<Projection> projections(int blocks) throws IOException {
        ModuleNames names = family.names();
        for (String other : names.outside()) {
            refuse(other);
        }
        Set<Projection> adapted = new LinkedHashSet<>();
        for (int l = 0; l < blocks; l++) {
            for (String other : names.notAdapted(l)) {
                refuse(other);
            }
            Set<Projection> here = new LinkedHashSet<>();
            for (Projection p : family.projections()) {
                if (adapts(names.module(l, p))) {
                    here.add(p);
                }
            }
            if (l > 0 && !here.equals(adapted)) {
                throw new IOException(file + ": " + (layers.isEmpty() ? "target_modules" : "layers_to_transform")
                        + " adapts " + modules(here) + " of layer "
                        + l + " and " + modules(adapted) + " of layer 0; all layers must be adapted alike");
            }
            adapted = here;
        }
        if (adapted.isEmpty()) {
            throw new IOException(file + ": target_modules adapts none of " + modules(family.projections()));
        }
        return adapted;
    }

    private void refuse(String module) throws IOException {
        if (adapts(module)) {
            throw new IOException(file + ": target_modules adapts " + module + "; only " + modules(family.projections())
                    + " can be adapted");
        }
    }

    private static String modules(Collection<Projection> projections) {
        return projections.isEmpty()
                ? "nothing"
                : String.join(", ", projections.stream().map(Projection::name).toList());
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
        // PEFT selects by layer only where a name matches the end of a module's name.
        return names.contains(module) || named(module, names) && (layers.isEmpty() || inLayers(module));
    }

    private boolean linear(String module) {
        return family.projections().stream().anyMatch(p -> module.endsWith("." + p.name()));
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
