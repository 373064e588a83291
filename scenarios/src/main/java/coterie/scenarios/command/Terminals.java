package coterie.scenarios.command;

import java.io.Console;

/** Tells a terminal from a file or pipe: only a terminal is shown a line that is written over. */
final class Terminals {
    private Terminals() {}

    /**
     * Whether this process stands at a terminal. From Java 22 on {@code System.console()} is there without a terminal
     * too, and {@code isTerminal()} tells.
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
