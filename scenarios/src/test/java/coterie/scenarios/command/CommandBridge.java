package coterie.scenarios.command;

/** The command line in this process, for tests in other packages. */
public final class CommandBridge {
    private CommandBridge() {}

    /** Runs a command line and returns its exit code. */
    public static int execute(String... arguments) {
        return Main.execute(arguments);
    }
}
