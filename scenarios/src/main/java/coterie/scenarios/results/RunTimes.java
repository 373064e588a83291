package coterie.scenarios.results;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The wall-clock time in which at least one of several runs was under way: runs at once count once, and pauses between
 * them do not count.
 *
 * <p>Worked example: runs of 10 s that end at 10 s, 15 s and 30 s take 15 + 10 = 25 s.
 */
public final class RunTimes {
    /** A run, in seconds since 1970. */
    private record Span(double from, double to) {}

    private final List<Span> spans = new ArrayList<>();

    /** Adds a run that has ended. One that does not say when, as runs of early versions, does not count. */
    public void add(JsonNode summary) {
        JsonNode ended = summary.at("/provenance/ended");
        if (ended.isTextual()) {
            double to = Instant.parse(ended.asText()).getEpochSecond();
            spans.add(new Span(to - summary.path("total_seconds").asDouble(), to));
        }
    }

    /** Adds all runs of another. */
    public void add(RunTimes other) {
        spans.addAll(other.spans);
    }

    /** Seconds in which at least one run was under way. */
    public double seconds() {
        List<Span> sorted = new ArrayList<>(spans);
        sorted.sort(Comparator.comparingDouble(Span::from));
        double seconds = 0;
        double until = Double.NEGATIVE_INFINITY;
        for (Span s : sorted) {
            seconds += Math.max(0, s.to - Math.max(s.from, until));
            until = Math.max(until, s.to);
        }
        return seconds;
    }
}
