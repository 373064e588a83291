package coterie.scenarios.command;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code coterie completion}: a script that lets a shell complete commands, options and file names. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Print a script that completes command lines: source <(coterie completion bash)")
final class CompletionCommand implements Callable<Integer> {
    /** Shells for which there is a script. */
    enum ShellKind {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "bash|zsh", description = "the shell")
    private ShellKind shell;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        // The script distinguishes the shells itself.
        System.out.print("# Completes command lines of coterie in " + shell + ".\n"
                + AutoComplete.bash(command.root().name(), command.root().commandLine()));
        System.out.flush();
        return 0;
    }
}
