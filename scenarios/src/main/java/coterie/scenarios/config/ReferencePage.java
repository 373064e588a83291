package coterie.scenarios.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Generates the reference of scenario files in Markdown from {@code defaults.yaml} and the {@link ComponentRegistry}.
 */
public final class ReferencePage {
    private ReferencePage() {}

    /** Returns the page. */
    public static String markdown() {
        StringBuilder out = new StringBuilder("""
                # Scenario files: every setting

                Made from the program's own defaults by `coterie schema reference`. A file names only what it wants \
                otherwise; `--set key.path=value` lays one
                value over it. Files are YAML 1.2 (JSON is a part of it): aliases and `<<` are resolved, a block \
                with everything commented out is its default, a second
                document and numbers such as `010` are refused. `coterie validate FILE` refuses what a run would \
                refuse; with `--elsewhere` it leaves out files and
                memory. `coterie schema scenario` prints a JSON Schema for editors.

                `extends: base.yaml` begins from another scenario file, named from the folder of the file that says \
                so. That file may extend a third. The file's own settings are laid over
                those of the base as `--set` lays them: a map replaces only its keys, a list replaces the list, an \
                empty block is its default, and a component of another name drops the settings
                that only the former one has. Paths to other files are found from where you are, or else from the folder \
                of the file that names them. A run's `scenario.yaml` holds the result, without `extends`.

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
                choices(out, ComponentRegistry.at(s.path()));
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
        out.append("\n## Attacks (`adversaries`)\n\n");
        choices(out, ComponentRegistry.at(Slot.ATTACK));
        out.append("## Tools (`tracking`)\n\n| | |\n|---|---|\n");
        Arrays.stream(Tracking.values())
                .forEach(t -> out.append("| `")
                        .append(t.label())
                        .append("` | ")
                        .append(escaped(t.about()))
                        .append(" |\n"));
        return out.toString();
    }

    /** @param choice null if nothing is selected in the block */
    private static void choices(StringBuilder out, ComponentRegistry.Choice choice) {
        if (choice == null) {
            return;
        }
        out.append("| `").append(choice.key()).append("` | | its settings |\n|---|---|---|\n");
        for (RegisteredComponent c : choice.components().values()) {
            String settings = Stream.concat(
                            c.beside().properties().stream().map(e -> "`" + e.getKey() + "`: " + value(e.getValue())),
                            c.located().values().stream().map(place -> "`" + place + "`"))
                    .collect(Collectors.joining(", "));
            row(out, c.name(), c.about(), settings);
        }
        out.append("\n");
    }

    private static void row(StringBuilder out, String name, String about, String settings) {
        out.append("| `").append(name).append("` | ").append(escaped(about));
        out.append(" | ").append(settings).append(" |\n");
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
