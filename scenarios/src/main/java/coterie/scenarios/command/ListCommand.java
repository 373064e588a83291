package coterie.scenarios.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.base.PretrainedGpt2;
import coterie.model.text.BuiltinText;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Kinds;
import coterie.scenarios.config.Strategy;
import coterie.scenarios.config.Tracking;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coterie list}: every name that a scenario may use. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Every name a scenario may use, with its settings and their defaults.")
final class ListCommand implements Callable<Integer> {
    private static final Map<String, String> SECTIONS = new LinkedHashMap<>();

    static {
        SECTIONS.put("topologies", "topology");
        SECTIONS.put("compute", "time.compute");
        SECTIONS.put("latency", "time.latency");
        SECTIONS.put("bandwidth", "time.bandwidth");
        SECTIONS.put("participation", "participation");
        SECTIONS.put("staleness", "collaboration.staleness");
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "WHAT",
            description = "strategies, topologies, compute, latency, bandwidth, participation, staleness,"
                    + " sources, bases, tracking; all if left out")
    private String what;

    @Override
    public Integer call() {
        boolean any = false;
        any |= section("strategies", "collaboration.strategy", () -> {
            for (Strategy s : Strategy.values()) {
                line(s.label(), s.about());
            }
        });
        for (Map.Entry<String, String> e : SECTIONS.entrySet()) {
            Kinds.Choice choice = Kinds.all().stream()
                    .filter(c -> c.path().equals(e.getValue()))
                    .findFirst()
                    .orElseThrow();
            any |= section(
                    e.getKey(),
                    choice.path() + "." + choice.key(),
                    () -> choice.choices()
                            .forEach((name, settings) ->
                                    line(name, settings.path("about").asText() + settings(settings))));
        }
        any |= section("sources", "data.source", () -> {
            line("text", "a folder with a file or sub-folder a category (data.path)");
            line("ag-news", "AG News' CSV (data.path)");
            BuiltinText.corpora()
                    .forEach((name, categories) ->
                            line("builtin:" + name, "written by grammars: " + String.join(", ", categories)));
        });
        any |= section("bases", "model.base", () -> {
            PretrainedGpt2.builtinNames().forEach(n -> line(n, "shipped with coterie"));
            line("DIRECTORY", "a GPT-2 in Hugging Face's layout");
        });
        any |= section("tracking", "tracking", () -> {
            for (Tracking t : Tracking.values()) {
                line(t.label(), t.about());
            }
        });
        if (!any) {
            throw new InputException("list: found \"" + what + "\", allowed: strategies, "
                    + String.join(", ", SECTIONS.keySet()) + ", sources, bases, tracking");
        }
        return 0;
    }

    private boolean section(String name, String path, Runnable content) {
        if (what != null && !what.equals(name)) {
            return false;
        }
        System.out.println(name + " (" + path + ")");
        content.run();
        System.out.println();
        return true;
    }

    private static void line(String name, String about) {
        System.out.printf("  %-24s %s%n", name, about);
    }

    private static String settings(ObjectNode node) {
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, JsonNode> e : node.properties()) {
            if (!e.getKey().equals("about")) {
                out.append(out.length() == 0 ? "; " : ", ")
                        .append(e.getKey())
                        .append(": ")
                        .append(e.getValue().asText());
            }
        }
        return out.toString();
    }
}
