package coterie.scenarios.study;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.scenarios.claim.Cells;
import coterie.scenarios.claim.Claim;
import coterie.scenarios.claim.Relation;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.LocatedTree;
import coterie.scenarios.study.Study.Variant;
import coterie.topology.files.Shown;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the claims of a study. */
final class StudyClaims {
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?");
    private static final String RELATIONS = "less, greater, equal, order, rising, falling, correlated and exceeds";
    private static final Set<String> COMMON = Set.of("name", "from", "measure");
    /** Keys of each relation, besides the common ones. */
    private static final Map<String, Set<String>> KEYS = Map.of(
            "less", Set.of("factor"),
            "greater", Set.of(),
            "equal", Set.of("within"),
            "order", Set.of(),
            "rising", Set.of("where"),
            "falling", Set.of("where"),
            "correlated", Set.of("where", "sign"),
            "exceeds", Set.of("where"));

    private static final double WITHIN = 0.01;
    private static final int MOST_SHOWN = 20;
    private static final int LONGEST_SHOWN = 80;

    private final LocatedTree tree;
    private final List<Variant> variants;
    private final String measure;
    private final BiConsumer<String, String> checked;

    /**
     * @param measure of the study, which holds for claims that name none
     * @param checked throws an {@link InputException} if a measure, given with its place in the file, is none
     */
    StudyClaims(LocatedTree tree, List<Variant> variants, String measure, BiConsumer<String, String> checked) {
        this.tree = tree;
        this.variants = variants;
        this.measure = measure;
        this.checked = checked;
    }

    /** @throws InputException if a claim is malformed or names cells that the study does not have */
    List<Claim> read() {
        JsonNode all = tree.root().path("claims");
        if (all.isMissingNode() || all.isNull()) {
            return List.of();
        }
        if (!all.isArray()) {
            throw wrong("claims", "must be a list of claims, found " + LocatedTree.kind(all));
        }
        List<Claim> claims = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int k = 0; k < all.size(); k++) {
            Claim claim = claim("claims." + k, all.get(k));
            if (!names.add(claim.name())) {
                throw wrong("claims." + k + ".name", "two claims are called \"" + claim.name() + "\"");
            }
            claims.add(claim);
        }
        return claims;
    }

    private Claim claim(String at, JsonNode n) {
        if (!n.isObject()) {
            throw wrong(at, "must be a map with a name and one of " + RELATIONS + ", found " + LocatedTree.kind(n));
        }
        List<String> relations = KEYS.keySet().stream().filter(n::has).sorted().toList();
        if (relations.size() != 1) {
            throw wrong(
                    at,
                    "must have one of " + RELATIONS + ", found "
                            + (relations.isEmpty() ? "none" : String.join(" and ", relations)));
        }
        String relation = relations.get(0);
        Set<String> keys = new TreeSet<>(COMMON);
        keys.add(relation);
        keys.addAll(KEYS.get(relation));
        StudyVariants.refuseOthers(tree, n, at, keys);
        String of = n.has("measure") ? text(at + ".measure", n.get("measure")) : measure;
        if (n.has("measure")) {
            checked.accept(tree.at(at + ".measure"), of);
        }
        return new Claim(
                text(at + ".name", n.path("name")),
                n.has("from") ? text(at + ".from", n.get("from")) : "",
                of,
                relation(at, n, relation));
    }

    /** Numbers in rising order; other values, and mixed ones, as they are. */
    private static List<String> inOrder(Set<String> values) {
        if (!values.stream().allMatch(v -> NUMBER.matcher(v).matches())) {
            return List.copyOf(values);
        }
        return values.stream()
                .sorted(Comparator.comparingDouble(Double::parseDouble))
                .toList();
    }

    private Relation relation(String at, JsonNode n, String key) {
        String path = at + "." + key;
        return switch (key) {
            case "less", "greater", "equal" -> pair(at, n, key, path);
            case "order" -> new Relation.Order(list(path, n.get(key), 2, Integer.MAX_VALUE));
            case "rising", "falling" -> {
                String setting = text(path, n.get(key));
                Cells where = where(at, n);
                Set<String> values = values(setting, where);
                if (values.size() < 2) {
                    throw wrong(
                            path,
                            setting + " has " + (values.isEmpty() ? "no values" : "one value")
                                    + " in these variants; what is varied: " + String.join(", ", keys()));
                }
                yield new Relation.Trend(setting, inOrder(values), key.equals("rising"), where);
            }
            default -> {
                String other = text(path, n.get(key));
                checked.accept(tree.at(path), other);
                yield key.equals("exceeds")
                        ? new Relation.Exceeds(other, where(at, n))
                        : new Relation.Correlation(other, positive(at + ".sign", n.path("sign")), where(at, n));
            }
        };
    }

    private Relation pair(String at, JsonNode n, String key, String path) {
        List<Cells> two = list(path, n.get(key), 2, 2);
        if (!key.equals("equal")) {
            boolean less = key.equals("less");
            return new Relation.Less(two.get(less ? 0 : 1), two.get(less ? 1 : 0), factor(at, n.path("factor")));
        }
        JsonNode within = n.path("within");
        if (!within.isMissingNode() && !(within.isNumber() && within.doubleValue() > 0 && within.doubleValue() < 1)) {
            throw wrong(at + ".within", "must be a number between 0 and 1, found " + LocatedTree.kind(within));
        }
        return new Relation.Equal(two.get(0), two.get(1), within.asDouble(WITHIN));
    }

    private double factor(String at, JsonNode factor) {
        if (!factor.isMissingNode() && !(factor.isNumber() && factor.doubleValue() > 0)) {
            throw wrong(at + ".factor", "must be a number greater than 0, found " + LocatedTree.kind(factor));
        }
        return factor.asDouble(1);
    }

    private boolean positive(String path, JsonNode sign) {
        if (!sign.isMissingNode() && !Set.of("positive", "negative").contains(sign.asText())) {
            throw wrong(path, "must be positive or negative, found " + LocatedTree.kind(sign));
        }
        return !sign.asText().equals("negative");
    }

    private List<Cells> list(String path, JsonNode n, int least, int most) {
        if (!n.isArray() || n.size() < least || n.size() > most) {
            throw wrong(
                    path,
                    "must be a list of " + (most == least ? "two" : "two or more")
                            + " variants or maps of key: value, found " + LocatedTree.kind(n));
        }
        List<Cells> cells = new ArrayList<>();
        for (int k = 0; k < n.size(); k++) {
            cells.add(cells(path + "." + k, n.get(k)));
        }
        if (new HashSet<>(cells).size() < cells.size()) {
            throw wrong(path, "names the same variants twice");
        }
        return cells;
    }

    private Cells where(String at, JsonNode n) {
        return n.has("where") ? cells(at + ".where", n.get("where")) : new Cells(Map.of());
    }

    /** A map names variants by their values, a word by their name or by a value that only one key has. */
    private Cells cells(String path, JsonNode n) {
        Map<String, String> values = new LinkedHashMap<>();
        if (n.isObject()) {
            n.properties().forEach(e -> values.put(e.getKey(), StudyVariants.label(e.getValue())));
        } else if (n.isValueNode() && !n.isNull()) {
            values.putAll(named(path, StudyVariants.label(n)));
        } else {
            throw wrong(path, "must be a variant or a map of key: value, found " + LocatedTree.kind(n));
        }
        Cells cells = new Cells(values);
        if (variants.stream().noneMatch(v -> cells.has(v.values()))) {
            throw wrong(path, "no variant is " + Shown.of(cells.toString(), LONGEST_SHOWN) + "; there are " + some());
        }
        return cells;
    }

    private Map<String, String> named(String path, String word) {
        for (Variant v : variants) {
            if (v.name().equals(word)) {
                return v.values();
            }
        }
        List<String> keys = keys().stream()
                .filter(k -> values(k, new Cells(Map.of())).contains(word))
                .toList();
        if (keys.size() != 1) {
            throw wrong(
                    path,
                    keys.isEmpty()
                            ? "no variant is " + Shown.of(word, LONGEST_SHOWN) + "; there are " + some()
                            : word + " is a value of " + String.join(" and of ", keys) + "; say which: {" + keys.get(0)
                                    + ": " + word + "}");
        }
        return Map.of(keys.get(0), word);
    }

    private Set<String> keys() {
        return variants.get(0).values().keySet();
    }

    /** The values of a key in the order of the file. */
    private Set<String> values(String key, Cells where) {
        Set<String> values = new LinkedHashSet<>();
        variants.stream()
                .filter(v -> where.has(v.values()) && v.values().containsKey(key))
                .forEach(v -> values.add(v.values().get(key)));
        return values;
    }

    private String some() {
        return variants.stream()
                .limit(MOST_SHOWN)
                .map(v -> '"' + v.name() + '"')
                .collect(Collectors.joining(", "));
    }

    private String text(String path, JsonNode n) {
        if (!n.isTextual() || n.asText().isBlank()) {
            throw wrong(path, "must be a text, found " + LocatedTree.kind(n));
        }
        return n.asText();
    }

    private InputException wrong(String path, String message) {
        return new InputException(tree.at(path) + ": " + message);
    }
}
