package coterie.scenarios.command;

import coterie.scenarios.run.Build;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** A fault of the program itself: one line on the terminal, and details in a file that can be sent. */
final class FaultReport {
    private static final int LONGEST = 300;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private FaultReport() {}

    /**
     * Writes the stack trace into a file: in the current folder, or in the temporary folder if that is not writable.
     *
     * @return the line for the terminal
     */
    static String of(Throwable fault, String... arguments) {
        if (fault instanceof OutOfMemoryError) {
            return "Java's memory does not suffice (" + fault.getMessage()
                    + "): COTERIE_JAVA_OPTS=-Xmx8g gives it 8 GiB, for instance";
        }
        StringWriter trace = new StringWriter();
        fault.printStackTrace(new PrintWriter(trace));
        String text = String.join(
                "\n",
                "coterie " + Build.NUMBER + " (" + Build.version() + ")",
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch"),
                "command: " + Arrays.toString(arguments),
                "",
                trace.toString());
        String message = fault.getMessage() == null
                ? ""
                : ": " + fault.getMessage().lines().findFirst().orElse("");
        String first = Shown.of(fault.getClass().getSimpleName() + message, LONGEST);
        for (String folder : new String[] {"", System.getProperty("java.io.tmpdir")}) {
            Path file = Path.of(
                    folder,
                    "coterie-fault-" + LocalDateTime.now(ZoneId.systemDefault()).format(STAMP) + "-"
                            + ProcessHandle.current().pid() + ".txt");
            try {
                Files.writeString(file, text);
                return "a fault in coterie itself (" + first + "); please report it with " + file;
            } catch (IOException e) {
                // The next folder is tried. If none is writable, only the line is printed.
            }
        }
        return "a fault in coterie itself (" + first + "); no file could be written with more about it";
    }
}
