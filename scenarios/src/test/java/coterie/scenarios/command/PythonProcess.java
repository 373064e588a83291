package coterie.scenarios.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the Python that COTERIE_PYTHON names, or python3.
 *
 * @param log what the last process printed
 */
record PythonProcess(Path log) {
    private static final String PYTHON = System.getenv().getOrDefault("COTERIE_PYTHON", "python3");
    /** Also on a loaded machine. */
    private static final int MINUTES = 20;

    /** Returns whether it ended with exit code 0. */
    boolean run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        try {
            Process p = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return p.waitFor(MINUTES, TimeUnit.MINUTES) && p.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    boolean hasTransformersAndPeft() throws IOException, InterruptedException {
        return run("-c", "import torch, transformers, peft, safetensors");
    }

    String said() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }
}
