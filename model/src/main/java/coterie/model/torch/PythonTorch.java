package coterie.model.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PyTorch of a Python. Python is asked only where the package lies, which takes a fraction of a second; importing
 * it would take many.
 *
 * @param python the command that was asked
 * @param folder of the package {@code torch}
 * @param version with the build, such as 2.7.1+cu126
 * @param cuda the version of CUDA it was built for, such as 12.6; null if for none
 * @param packages folders of Python packages, where the libraries of CUDA may lie
 */
record PythonTorch(String python, Path folder, String version, String cuda, List<Path> packages) {
    /** Names the Python to ask. */
    static final String PYTHON = "COTERIE_PYTHON";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TORCH = "torch:";
    private static final String PACKAGES = "packages:";
    /** The current folder is left out: a folder called torch there is not the package. */
    private static final String QUESTION = """
            import sys
            sys.path = [p for p in sys.path if p]
            import importlib.util
            found = importlib.util.find_spec("torch")
            if found and found.origin:
                print("torch:" + list(found.submodule_search_locations)[0])
            for p in sys.path:
                print("packages:" + p)
            """;

    /**
     * Asks a Python.
     *
     * @param python a command or a path; null for the system's Python 3
     * @throws TorchUnavailableException with the reason, if it has no PyTorch
     */
    static PythonTorch find(String python) {
        return find(python == null ? "python3" : python, PATIENCE);
    }

    static PythonTorch find(String python, Duration patience) {
        Path folder = null;
        List<Path> packages = new ArrayList<>();
        for (String line : answer(python, patience).lines().toList()) {
            if (line.startsWith(TORCH)) {
                folder = Path.of(line.substring(TORCH.length()));
            } else if (line.startsWith(PACKAGES)) {
                packages.add(Path.of(line.substring(PACKAGES.length())));
            }
        }
        if (folder == null) {
            throw new TorchUnavailableException(python + " has no PyTorch");
        }
        Path file = folder.resolve("version.py");
        try {
            String text = Files.readString(file);
            String version = value(text, "__version__");
            if (version == null) {
                throw new TorchUnavailableException(python + ": " + file + " names no version");
            }
            return new PythonTorch(python, folder, version, value(text, "cuda"), packages);
        } catch (IOException | UncheckedIOException e) {
            throw new TorchUnavailableException(python + ": cannot read " + file, e);
        }
    }

    /** The folder of its own libraries. */
    Path libraries() {
        return folder.resolve("lib");
    }

    /** The version without the build: 2.7.1. */
    String release() {
        return version.replaceFirst("\\+.*", "");
    }

    /** For people: what it is, and whose. */
    String inWords() {
        return "PyTorch " + version + " of " + python;
    }

    private static String value(String text, String name) {
        Matcher m = Pattern.compile("(?m)^" + name + "\\b[^=\\n]*=\\s*['\"]([^'\"]+)['\"]")
                .matcher(text);
        return m.find() ? m.group(1) : null;
    }

    private static String answer(String python, Duration patience) {
        ProcessBuilder asking = new ProcessBuilder(python, "-c", QUESTION).redirectErrorStream(true);
        asking.environment().put("PYTHONIOENCODING", "utf-8");
        Process p;
        try {
            p = asking.start();
        } catch (IOException e) {
            throw new TorchUnavailableException("there is no " + python + " that can be run", e);
        }
        try {
            p.getOutputStream().close();
            CompletableFuture<String> reading = CompletableFuture.supplyAsync(() -> read(p));
            String said = reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (p.waitFor() != 0) {
                throw new TorchUnavailableException(
                        python + " failed: " + said.strip().lines().reduce("", (before, line) -> line));
            }
            return said;
        } catch (TimeoutException e) {
            throw new TorchUnavailableException(python + " did not answer within " + patience.toSeconds() + " s", e);
        } catch (IOException | ExecutionException e) {
            throw new TorchUnavailableException(python + " failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TorchUnavailableException(python + " was not waited for", e);
        } finally {
            p.destroyForcibly();
        }
    }

    private static String read(Process p) {
        try {
            return new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
