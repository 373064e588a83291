package coterie.scenarios.command;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The command line in this process: what a test's commands print is kept, and not shown. */
final class Terminal implements BeforeEachCallback, AfterEachCallback {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ByteArrayOutputStream both = new ByteArrayOutputStream();
    private PrintStream outBefore;
    private PrintStream errBefore;

    @Override
    public void beforeEach(ExtensionContext test) {
        outBefore = System.out;
        errBefore = System.err;
        System.setOut(new PrintStream(new Kept(out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new Kept(err), true, StandardCharsets.UTF_8));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        System.setOut(outBefore);
        System.setErr(errBefore);
    }

    /**
     * Runs a command, with nothing printed before.
     *
     * @return its exit code
     */
    int coterie(String... arguments) {
        clear();
        return Main.execute(arguments);
    }

    void clear() {
        out.reset();
        err.reset();
        both.reset();
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Standard output and error in the order in which they were printed. */
    String said() {
        return both.toString(StandardCharsets.UTF_8);
    }

    private final class Kept extends OutputStream {
        private final ByteArrayOutputStream own;

        Kept(ByteArrayOutputStream own) {
            this.own = own;
        }

        @Override
        public void write(int b) {
            own.write(b);
            both.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            own.write(bytes, offset, length);
            both.write(bytes, offset, length);
        }
    }
}
