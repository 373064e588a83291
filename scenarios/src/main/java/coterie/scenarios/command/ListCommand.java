package coterie.scenarios.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.PretrainedBase;
import coterie.scenarios.config.ComponentRegistry;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Tracking;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coterie list}: every name that a scenario may use. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List every name that a scenario may use, with its settings and their defaults.")
final class ListCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "WHAT",
            description = "strategies, topologies, compute, latency, bandwidth, participation, staleness, refresh,"
                    + " aggregation, pre-aggregation, sources, attacks, \"shared sets\", learners, bases, tracking;"
                    + " all if left out")
    private String what;

    @Override
    public Integer call() {
        boolean any = false;
        for (ComponentRegistry.Choice choice : ComponentRegistry.all()) {
            any |= section(
                    choice.section(),
                    choice.path() + "." + choice.key(),
                    () -> choice.components().values().forEach(c -> line(c.name(), c.about() + settings(c.beside()))));
        }
        any |= section("bases", "model.base", () -> {
            PretrainedBase.builtinNames().forEach(n -> line(n, "shipped with coterie"));
            String families =
                    BaseFamily.all().stream().map(BaseFamily::title).sorted().collect(Collectors.joining(", "));
            line("DIRECTORY", "in Hugging Face's layout: " + families);
            line("FILE.gguf", "GGUF: configuration, weights and tokenizer in one file; docs/bases.md");
        });
        any |= section("tracking", "tracking", () -> {
            for (Tracking t : Tracking.values()) {
                line(t.label(), t.about());
            }
        });
        if (!any) {
            throw new InputException("list: found \"" + what + "\", allowed: "
                    + ComponentRegistry.all().stream()
                            .map(ComponentRegistry.Choice::section)
                            .collect(Collectors.joining(", "))
                    + ", bases, tracking");
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
            out.append(out.length() == 0 ? "; " : ", ")
                    .append(e.getKey())
                    .append(": ")
                    .append(e.getValue().asText());
        }
        return out.toString();
    }
}
