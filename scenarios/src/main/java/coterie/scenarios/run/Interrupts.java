package coterie.scenarios.run;

import java.lang.reflect.Proxy;
import org.slf4j.LoggerFactory;

/**
 * Handles Ctrl-C while the process is already ending. The JVM's own handler ignores a second one, and Java SE has no
 * API for it, so {@code sun.misc.Signal} is looked up at run time.
 */
public final class Interrupts {
    private Interrupts() {}

    /** Sets the action of Ctrl-C from now on. A JVM without signals is left as it is. */
    public static void handle(Runnable action) {
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

    /** Removes a shutdown hook. If the process is already ending, the hook runs all the same. */
    public static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This exception would hide the one that ended the run.
            LoggerFactory.getLogger(Interrupts.class).debug("the process is ending", e);
        }
    }
}
