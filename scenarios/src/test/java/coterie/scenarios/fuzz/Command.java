package coterie.scenarios.fuzz;

import coterie.scenarios.command.CommandBridge;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** One command line in this process, in threads of its own, watched, and stopped as a signal would stop it. */
final class Command {
    /** How long a command may take, and how long it may go on once asked to stop. */
    static final long LIMIT_MILLIS = 20_000;

    static final long STOP_MILLIS = 10_000;
    private static final long POLL_MILLIS = 100;
    private static final long DYING_MILLIS = 1_000;
    private static final String HOOK = "interrupt";

    private Command() {}

    /**
     * Runs a command.
     *
     * @param name of its threads' group
     * @param limit milliseconds that it may take
     * @param stop whether it is then asked to stop, as by Ctrl-C; else it has failed
     */
    static Outcome run(Console console, String name, long limit, boolean stop, List<String> arguments)
            throws InterruptedException {
        ThreadGroup group = new ThreadGroup(name);
        Console.Capture capture = console.capture(group);
        AtomicInteger code = new AtomicInteger(-1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(
                group,
                () -> {
                    try {
                        code.set(CommandBridge.execute(arguments.toArray(String[]::new)));
                    } catch (Throwable e) {
                        thrown.set(e);
                    }
                },
                name);
        long begun = System.nanoTime();
        thread.setDaemon(true);
        thread.start();
        thread.join(limit);
        boolean asked = false;
        // Before a command waits for signals, one would end the process at once; a thread cannot be ended so.
        for (int k = 0; stop && !asked && thread.isAlive() && k < LIMIT_MILLIS / POLL_MILLIS; k++) {
            asked = signal(group);
            thread.join(asked ? STOP_MILLIS : POLL_MILLIS);
        }
        String stacks = null;
        if (thread.isAlive()) {
            stacks = stacks(group);
            group.interrupt();
            thread.join(DYING_MILLIS);
        }
        console.forget(group);
        return new Outcome(
                code.get(),
                capture.out(),
                capture.err(),
                thrown.get(),
                stacks,
                asked,
                (System.nanoTime() - begun) / 1_000_000);
    }

    /**
     * Runs what the command has asked Java to run when a signal comes.
     *
     * @return whether there is such a thing
     */
    private static boolean signal(ThreadGroup group) {
        for (Thread hook : hooks()) {
            if (hook.getThreadGroup() == group
                    && hook.getName().equals(HOOK)
                    && Runtime.getRuntime().removeShutdownHook(hook)) {
                Thread caller = new Thread(group, hook, "signal");
                caller.setDaemon(true);
                caller.start();
                return true;
            }
        }
        return false;
    }

    private static List<Thread> hooks() {
        try {
            Class<?> owner = Class.forName("java.lang.ApplicationShutdownHooks");
            Field field = owner.getDeclaredField("hooks");
            field.setAccessible(true);
            synchronized (owner) {
                return ((Map<?, ?>) field.get(null))
                        .keySet().stream().map(Thread.class::cast).toList();
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Thread> threads(ThreadGroup group) {
        Thread[] all = new Thread[group.activeCount() + 64];
        int n = group.enumerate(all, true);
        return new ArrayList<>(Arrays.asList(all).subList(0, n));
    }

    private static String stacks(ThreadGroup group) {
        StringBuilder text = new StringBuilder();
        for (Thread t : threads(group)) {
            StackTraceElement[] stack = t.getStackTrace();
            text.append(t.getName()).append(' ').append(t.getState()).append('\n');
            for (int k = 0; k < Math.min(30, stack.length); k++) {
                text.append("    at ").append(stack[k]).append('\n');
            }
        }
        return text.toString();
    }
}
