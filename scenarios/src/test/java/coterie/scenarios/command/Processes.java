package coterie.scenarios.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** The program as processes of its own, to be killed. */
final class Processes implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 180;
    private final Path folder;
    private final String classPath;
    private final List<Process> all = new ArrayList<>();

    /** @param folder where they write what they say */
    Processes(Path folder) {
        this(folder, System.getProperty("java.class.path"));
    }

    /** @param classPath with which they are started */
    Processes(Path folder, String classPath) {
        this.folder = folder;
        this.classPath = classPath;
    }

    /** A process, and what it says. */
    record Running(Process process, Path log) {
        String said() throws IOException {
            return Files.readString(log);
        }

        void signal(String name) throws IOException, InterruptedException {
            Processes.signal(name, process.pid());
        }

        /** Waits for its end. */
        int exit() throws IOException, InterruptedException {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as(said())
                    .isTrue();
            return process.exitValue();
        }

        /** Waits until it has said something. */
        void says(String text) throws InterruptedException, TimeoutException {
            until(text + " is said in " + log, () -> {
                try {
                    return said().contains(text);
                } catch (IOException e) {
                    return false;
                }
            });
        }

        /** Where a node listens. */
        String address() throws InterruptedException, TimeoutException, IOException {
            says(NodeCommand.LISTENS);
            return said().lines()
                    .filter(l -> l.startsWith(NodeCommand.LISTENS))
                    .findFirst()
                    .orElseThrow()
                    .substring(NodeCommand.LISTENS.length());
        }
    }

    static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** The command that starts Java, with the options that the build chooses for the processes of tests, and these. */
    static List<String> java(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Optional.ofNullable(System.getProperty("coterie.test.java")).ifPresent(command::add);
        command.addAll(List.of(options));
        return command;
    }

    /** Starts the program; more words before it, for instance to start it somewhere else, are possible. */
    Running start(List<String> before, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(java("-Xmx700m", "-XX:+UseParallelGC", "-cp", classPath, Main.class.getName()));
        command.addAll(List.of(arguments));
        Path log = folder.resolve("process-" + all.size() + ".log");
        Process p = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        all.add(p);
        return new Running(p, log);
    }

    Running start(String... arguments) throws IOException {
        return start(List.of(), arguments);
    }

    /** Processes that a process has started, and that are there still. */
    static List<Long> children(Running r) {
        return r.process().children().map(ProcessHandle::pid).toList();
    }

    static void until(String what, BooleanSupplier condition) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("waited in vain until " + what);
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        for (Process p : all) {
            p.descendants().forEach(ProcessHandle::destroyForcibly);
            p.destroyForcibly();
        }
    }
}
