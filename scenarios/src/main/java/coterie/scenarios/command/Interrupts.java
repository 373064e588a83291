package coterie.scenarios.command;

import java.lang.reflect.Proxy;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C while the process is already ending. The JVM's own handler ignores a second one and Java SE has no API for it,
 * so that {@code sun.misc.Signal} is looked up at run time.
 */
final class Interrupts {
    private Interrupts() {}

    /** From now on, Ctrl-C does this. Where the JVM knows no signals it stays as it was. */
    static void handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object own = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), own);
        } catch (ReflectiveOperationException e) {
            LoggerFactory.getLogger(Interrupts.class).debug("a second Ctrl-C will not be heard", e);
        }
    }

    /** Takes a shutdown hook back. Where the process is already ending, the hook runs all the same. */
    static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // Thrown on, it would hide what ended the run.
            LoggerFactory.getLogger(Interrupts.class).debug("the process is ending", e);
        }
    }
}
