package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * One process that runs many commands, one after the other: for commands that need a class path or a working directory
 * of their own. Starting the program for each would take most of a test's time.
 */
final class Shell implements AutoCloseable {
    private static final char SEPARATOR = '\t';
    private static final String CODE = "exit code ";

    private final Process process;
    private final Writer commands;
    private final BufferedReader codes;
    private final Path log;

    /**
     * Starts the process.
     *
     * @param directory its working directory
     * @param log receives what commands print
     */
    Shell(Path directory, String classPath, Path log) throws IOException {
        this.log = log;
        process = new ProcessBuilder(Processes.java(
                        "-Xmx1g", "-XX:+UseParallelGC", "-cp", classPath, Shell.class.getName(), log.toString()))
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        codes = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Runs a command.
     *
     * @return its exit code
     */
    int coterie(String... arguments) throws IOException {
        return coterie(log, List.of(arguments));
    }

    /**
     * Runs a command.
     *
     * @param out receives its standard output
     * @return its exit code
     */
    int coterie(Path out, List<String> arguments) throws IOException {
        commands.write(out + String.valueOf(SEPARATOR) + String.join(String.valueOf(SEPARATOR), arguments) + "\n");
        commands.flush();
        String line;
        do {
            // Native libraries write to standard output too.
            line = codes.readLine();
            assertThat(line)
                    .as("the process ended during %s: %s", arguments, said())
                    .isNotNull();
        } while (!line.startsWith(CODE));
        return Integer.parseInt(line.substring(CODE.length()));
    }

    /** What the last command printed on standard error and, unless that went elsewhere, on standard output. */
    String said() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Runs the commands that arrive on standard input, and prints their exit codes. */
    public static void main(String[] arguments) throws IOException {
        PrintStream codes = System.out;
        Path log = Path.of(arguments[0]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(String.valueOf(SEPARATOR), -1);
            Path out = Path.of(words[0]);
            try (PrintStream err = new PrintStream(log.toFile(), StandardCharsets.UTF_8);
                    PrintStream other = out.equals(log) ? err : new PrintStream(out.toFile(), StandardCharsets.UTF_8)) {
                System.setErr(err);
                System.setOut(other);
                int code = Main.execute(Arrays.copyOfRange(words, 1, words.length));
                err.flush();
                other.flush();
                codes.println(CODE + code);
                codes.flush();
            }
        }
    }
}
