package coterie.scenarios.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds out whether a mistake that stands in a file is due to a setting laid over the file: then it is not there
 * without that setting, and the setting is its location.
 */
final class Blame {
    private final ScenarioFile source;
    private final List<Assignment> overrides;
    private final boolean elsewhere;

    Blame(ScenarioFile source, List<Assignment> overrides, boolean elsewhere) {
        this.source = source;
        this.overrides = List.copyOf(overrides);
        this.elsewhere = elsewhere;
    }

    /**
     * Returns mistakes with the locations that they are due to, in order.
     *
     * @param mistakes of the scenario with all settings
     */
    List<Mistake> of(List<Mistake> mistakes) {
        List<Mistake> left = new ArrayList<>(mistakes);
        List<Mistake> located = new ArrayList<>();
        left.removeIf(m -> m.place().order() >= source.chain().size() && located.add(m));
        for (int k = 0; k <= overrides.size() && !left.isEmpty(); k++) {
            List<Mistake> found = k == overrides.size()
                    ? mistakes
                    : new Reading(source, overrides.subList(0, k), elsewhere).mistakes();
            String place = k == 0 ? null : overrides.get(k - 1).place();
            int order = source.chain().size() + k - 1;
            left.removeIf(m -> {
                if (found.stream().noneMatch(f -> f.path().equals(m.path()))) {
                    return false;
                }
                return located.add(place == null ? m : moved(m, Place.ofOption(place, order)));
            });
        }
        return located.stream().sorted((a, b) -> a.place().compareTo(b.place())).toList();
    }

    private static Mistake moved(Mistake m, Place place) {
        return new Mistake(m.path(), place, place + ": " + text(m));
    }

    /** Returns the message without the location. */
    private static String text(Mistake m) {
        String place = m.place() + ": ";
        return m.message().startsWith(place) ? m.message().substring(place.length()) : m.message();
    }
}
