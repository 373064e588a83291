package coterie.scenarios.command;

import coterie.actors.clock.RunFailedException;
import coterie.model.text.DataException;
import coterie.model.torch.DeviceFailedException;
import coterie.model.torch.TorchUnavailableException;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.run.Build;
import coterie.topology.files.FileProblems;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code coterie}. Exit codes: 0 done, 1 the run failed, 2 the input is wrong, 130 or 143 interrupted. */
@Command(
        name = "coterie",
        mixinStandardHelpOptions = true,
        version = "coterie " + Build.NUMBER,
        description = "Simulates personalised collaborative training among users without a server: above all LoRA"
                + " adapters of language models.",
        subcommands = {
            InitCommand.class,
            SchemaCommand.class,
            RunCommand.class,
            ResumeCommand.class,
            StudyCommand.class,
            ReproduceCommand.class,
            QueryCommand.class,
            ReportCommand.class,
            RunsCommand.class,
            ServeCommand.class,
            ExportCommand.class,
            NodeCommand.class,
            ValidateCommand.class,
            ListCommand.class,
            VerifyCommand.class,
            DataCommand.class,
            BaseCommand.class,
            PretrainCommand.class,
            BenchCommand.class,
            DevicesCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {
    private static final int LONGEST_MESSAGE = 1500;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /**
     * Runs a command line.
     *
     * @return its exit code
     */
    static int execute(String... arguments) {
        // Part of every line of the log; nodes set their own.
        System.setProperty("coterie.node", System.getProperty("coterie.node", ""));
        CommandLine line = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Path.class, Main::path);
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command.getErr(), arguments));
        try {
            return line.execute(arguments);
        } catch (RuntimeException | Error e) {
            return failed(e, line.getErr(), arguments);
        }
    }

    private static Path path(String name) {
        if (name.isBlank()) {
            throw new CommandLine.TypeConversionException("must name a file or a folder, found nothing");
        }
        return InputFile.path(name, "the command line");
    }

    /**
     * Prints a failure in one line, and mistakes in one line each.
     *
     * @return the exit code
     */
    private static int failed(Throwable e, PrintWriter err, String... arguments) {
        if (e instanceof InputException input) {
            input.mistakes().forEach(m -> err.println("coterie: " + oneLine(m)));
            return 2;
        }
        if (e instanceof DataException) {
            err.println("coterie: " + oneLine(e.getMessage()));
            return 2;
        }
        LoggerFactory.getLogger(Main.class).debug("failed", e);
        if (e instanceof RunFailedException
                || e instanceof TorchUnavailableException
                || e instanceof DeviceFailedException) {
            err.println("coterie: " + oneLine(e.getMessage()));
        } else if (e instanceof IOException || e instanceof UncheckedIOException) {
            IOException file = e instanceof UncheckedIOException u ? u.getCause() : (IOException) e;
            err.println("coterie: files: " + oneLine(FileProblems.tell(file)));
        } else {
            err.println("coterie: " + FaultReport.of(e, arguments));
        }
        return 1;
    }

    /** Text from files and libraries may have many lines, have any length, or contain terminal commands. */
    private static String oneLine(String message) {
        if (message == null) {
            return "no reason is known";
        }
        return Shown.of(message.strip().replaceAll("\\s*\\R\\s*", "; "), LONGEST_MESSAGE);
    }

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }
}
