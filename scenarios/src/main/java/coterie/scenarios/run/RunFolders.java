package coterie.scenarios.run;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The folders that a command writes into, locked until it ends. */
final class RunFolders implements AutoCloseable {
    private final Deque<RunFolder> all = new ArrayDeque<>();
    private final List<String> command;

    /** @param command words of the command line, for results */
    RunFolders(List<String> command) {
        this.command = command;
    }

    /** Adds a folder, which is closed with the others. */
    RunFolder add(RunFolder folder) {
        folder.setCommand(command);
        all.push(folder);
        return folder;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!all.isEmpty()) {
            try {
                all.pop().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
