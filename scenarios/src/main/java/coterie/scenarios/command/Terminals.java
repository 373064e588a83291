package coterie.scenarios.command;

import java.io.Console;

/** Distinguishes a terminal from a file or pipe: only a terminal can show a line that is overwritten. */
final class Terminals {
    private Terminals() {}

    /**
     * Whether this process is attached to a terminal. From Java 22 on, {@code System.console()} exists without a
     * terminal too, and {@code isTerminal()} decides.
     */
    @SuppressWarnings("SystemConsoleNull")
    static boolean attached() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
