package coterie.scenarios.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** The command line as it was typed. */
final class TypedCommand {
    private TypedCommand() {}

    /**
     * The words of the command line that is executed.
     *
     * @param command the command that was chosen
     */
    static List<String> words(CommandSpec command) {
        List<String> all = new ArrayList<>(List.of(command.root().name()));
        all.addAll(command.root().commandLine().getParseResult().originalArgs());
        return all;
    }
}
