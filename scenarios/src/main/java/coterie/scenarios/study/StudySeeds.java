package coterie.scenarios.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.LocatedTree;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The seeds of a study: a list, a range such as {@code 1..3}, or a list of both. */
final class StudySeeds {
    private StudySeeds() {}

    /**
     * Reads the seeds.
     *
     * @param tree settings of the study
     * @throws InputException if they are neither whole numbers nor ranges
     */
    static List<Long> of(LocatedTree tree) {
        JsonNode n = tree.root().path("seeds");
        if (n.isMissingNode() || n.isNull()) {
            return List.of(1L);
        }
        if (!n.isArray() && !n.isTextual() || n.isEmpty() && n.isArray()) {
            throw new InputException(tree.at("seeds")
                    + ": must be a list, for instance [1, 2, 3], or a range, 1..3; found " + LocatedTree.kind(n));
        }
        Set<Long> all = new LinkedHashSet<>();
        for (JsonNode s : n.isArray() ? n : JsonNodeFactory.instance.arrayNode().add(n)) {
            Matcher range =
                    Pattern.compile("(-?[0-9]{1,18})[.][.](-?[0-9]{1,18})").matcher(s.asText());
            long first = s.isTextual() && range.matches() ? Long.parseLong(range.group(1)) : s.asLong();
            long last = s.isTextual() && range.matches() ? Long.parseLong(range.group(2)) : first;
            if (!(s.isTextual() ? range.matches() : s.isIntegralNumber() && s.canConvertToLong()) || last < first) {
                throw new InputException(tree.at("seeds") + ": must be whole numbers or ranges such as 1..3, found "
                        + LocatedTree.kind(s));
            }
            if (last - first >= Study.MOST_RUNS) {
                throw new InputException(
                        tree.at("seeds") + ": more than " + Study.MOST_RUNS + " runs, found " + LocatedTree.kind(s));
            }
            for (long seed = first; seed <= last; seed++) {
                if (!all.add(seed)) {
                    throw new InputException(tree.at("seeds") + ": " + seed + " stands there twice");
                }
            }
        }
        return List.copyOf(all);
    }
}
