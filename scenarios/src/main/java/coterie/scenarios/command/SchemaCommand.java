package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.config.JsonSchemas;
import coterie.scenarios.config.ReferencePage;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coterie schema}: the structure of scenario and study files, for editors and people. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "Print the JSON Schema of scenario or study files, or the reference of all settings in Markdown.")
final class SchemaCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "scenario|study|reference", description = "what to print")
    private String what;

    @Override
    public Integer call() {
        String text = switch (what) {
            case "scenario" -> JsonSchemas.scenario().toPrettyString() + "\n";
            case "study" -> JsonSchemas.study().toPrettyString() + "\n";
            case "reference" -> ReferencePage.markdown();
            default -> throw new InputException("schema: found \"" + what + "\", allowed: scenario, study, reference");
        };
        System.out.write(text.getBytes(StandardCharsets.UTF_8), 0, text.getBytes(StandardCharsets.UTF_8).length);
        System.out.flush();
        return 0;
    }
}
