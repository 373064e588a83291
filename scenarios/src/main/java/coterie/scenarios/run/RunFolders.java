package coterie.scenarios.run;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** The folders that a command writes into, locked until it ends. */
final class RunFolders implements AutoCloseable {
    private final Deque<RunFolder> all = new ArrayDeque<>();

    /** Adds a folder, which is closed with the others. */
    RunFolder add(RunFolder folder) {
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
