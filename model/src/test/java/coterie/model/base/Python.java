package coterie.model.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs Python scripts of the test resources, by the Python that COTERIE_PYTHON names, or python3. What they say is kept
 * in a file.
 */
public record Python(Path log) {
    /** Minutes for a script, also on a loaded machine. */
    private static final int LIMIT = 20;

    private static final String PROGRAM = System.getenv().getOrDefault("COTERIE_PYTHON", "python3");

    public boolean hasLibraries() throws IOException, InterruptedException {
        return has("torch, transformers, peft, safetensors");
    }

    /** Whether these modules, separated by commas, can be imported. */
    public boolean has(String modules) throws IOException, InterruptedException {
        return run(List.of("-c", "import " + modules));
    }

    /** Whether a package is installed, which need not work. */
    public boolean finds(String module) throws IOException, InterruptedException {
        return run(List.of("-c", "import importlib.util; assert importlib.util.find_spec('" + module + "')"));
    }

    /**
     * Runs a script.
     *
     * @throws AssertionError with what it said, where it fails
     */
    public void script(String name, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(
                List.of(Path.of(Python.class.getResource("/" + name).toURI()).toString()));
        all.addAll(List.of(arguments));
        if (!run(all)) {
            throw new AssertionError(name + " failed:\n" + Files.readString(log));
        }
    }

    private boolean run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(arguments);
        Process p;
        try {
            p = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            return false;
        }
        if (!p.waitFor(LIMIT, TimeUnit.MINUTES)) {
            p.destroyForcibly();
            throw new AssertionError(command + " took more than " + LIMIT + " minutes");
        }
        return p.exitValue() == 0;
    }
}
