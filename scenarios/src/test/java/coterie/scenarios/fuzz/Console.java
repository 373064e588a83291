package coterie.scenarios.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps apart what several commands in this process print at once: by the group of the thread that prints, which its
 * threads inherit.
 */
final class Console implements AutoCloseable {
    private static final int MOST = 1 << 20;
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final Map<ThreadGroup, Capture> captures = new ConcurrentHashMap<>();

    /** What one command has printed. */
    static final class Capture {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();

        String out() {
            return out.toString(StandardCharsets.UTF_8);
        }

        String err() {
            return err.toString(StandardCharsets.UTF_8);
        }
    }

    /** From now on standard output and error go to whom they belong. */
    Console() {
        System.setOut(new PrintStream(new Router(out, false), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new Router(err, true), true, StandardCharsets.UTF_8));
    }

    /** Where the test itself may print. */
    PrintStream real() {
        return out;
    }

    Capture capture(ThreadGroup group) {
        Capture c = new Capture();
        captures.put(group, c);
        return c;
    }

    void forget(ThreadGroup group) {
        captures.remove(group);
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
    }

    private final class Router extends OutputStream {
        private final OutputStream otherwise;
        private final boolean error;

        Router(OutputStream otherwise, boolean error) {
            this.otherwise = otherwise;
            this.error = error;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            for (ThreadGroup g = Thread.currentThread().getThreadGroup(); g != null; g = g.getParent()) {
                Capture c = captures.get(g);
                if (c != null) {
                    ByteArrayOutputStream to = error ? c.err : c.out;
                    if (to.size() < MOST) {
                        to.write(bytes, offset, length);
                    }
                    return;
                }
            }
            try {
                otherwise.write(bytes, offset, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
