package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The reference of scenario files, in Markdown, from {@code defaults.yaml} and {@code kinds.yaml}. */
public final class ReferencePage {
    private ReferencePage() {}

    /** The page. */
    public static String markdown() {
        StringBuilder out = new StringBuilder("""
                # Scenario files: every setting

                Made from the program's own defaults by `coterie schema reference`. A file names only what it wants otherwise; `--set key.path=value` lays one
                value over it. Files are YAML 1.2 (JSON is a part of it): aliases and `<<` are resolved, a block with everything commented out is its default, a second
                document and numbers such as `010` are refused. `coterie validate FILE` refuses what a run would refuse; with `--elsewhere` it leaves out files and
                memory. `coterie schema scenario` prints a JSON Schema for editors.

                """);
        boolean table = false;
        for (Settings.Setting s : Settings.all()) {
            if (s.block()) {
                out.append(table ? "\n" : "")
                        .append("#"
                                .repeat(2
                                        + (int) s.path()
                                                .chars()
                                                .filter(c -> c == '.')
                                                .count()))
                        .append(" `")
                        .append(s.path())
                        .append("`\n\n");
                if (!s.about().isEmpty()) {
                    out.append(escaped(s.about())).append("\n\n");
                }
                table = false;
                choices(out, s.path());
                continue;
            }
            if (!table) {
                out.append("| setting | default | |\n|---|---|---|\n");
                table = true;
            }
            out.append("| `")
                    .append(s.path())
                    .append("` | ")
                    .append(value(s.standard()))
                    .append(" | ")
                    .append(escaped(s.about()))
                    .append(" |\n");
        }
        out.append("\n## Strategies (`collaboration.strategy`)\n\n| | |\n|---|---|\n");
        Arrays.stream(Strategy.values())
                .forEach(s -> out.append("| `")
                        .append(s.label())
                        .append("` | ")
                        .append(escaped(s.about()))
                        .append(" |\n"));
        out.append("\n## Tools (`tracking`)\n\n| | |\n|---|---|\n");
        Arrays.stream(Tracking.values())
                .forEach(t -> out.append("| `")
                        .append(t.label())
                        .append("` | ")
                        .append(escaped(t.about()))
                        .append(" |\n"));
        return out.toString();
    }

    private static void choices(StringBuilder out, String path) {
        Kinds.Choice choice = Kinds.at(path);
        if (choice == null) {
            return;
        }
        out.append("| `").append(choice.key()).append("` | | its settings |\n|---|---|---|\n");
        choice.choices()
                .forEach((name, settings) -> out.append("| `")
                        .append(name)
                        .append("` | ")
                        .append(escaped(settings.path("about").asText()))
                        .append(" | ")
                        .append(settings.properties().stream()
                                .filter(e -> !e.getKey().equals("about"))
                                .map(e -> "`" + e.getKey() + "`: " + value(e.getValue()))
                                .collect(Collectors.joining(", ")))
                        .append(" |\n"));
        out.append("\n");
    }

    private static String value(JsonNode n) {
        return n.isNull()
                ? "–"
                : "`" + (n.isTextual() ? n.asText() : n.toString().replace("\"", "")) + "`";
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|");
    }
}
