package coterie.model.torch;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import coterie.topology.files.FileProblems;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Loads libtorch and the tokenizers library. Checks the usual obstacles first, a cache folder that cannot be written
 * and PYTORCH_* variables that do not fit together: DJL itself would download, fall back silently, or fail without a
 * reason.
 */
public final class NativeLibraries {
    static final String PATH = "PYTORCH_LIBRARY_PATH";
    static final String VERSION = "PYTORCH_VERSION";
    static final String FLAVOR = "PYTORCH_FLAVOR";
    private static final String ALL = "set " + PATH + ", " + VERSION + " and " + FLAVOR + ", or none of them";
    /** Of DJL's tokenizers library. */
    private static final String TOKENIZERS_FLAVOR = "RUST_FLAVOR";

    private static final long LIBTORCH_BYTES = 450L << 20;
    private static final long SMALL_BYTES = 16L << 20;
    private static volatile boolean tokenizers;

    private NativeLibraries() {}

    /**
     * Loads the tokenizers library, once per process.
     *
     * @throws TorchUnavailableException with the reason, where it cannot be had
     */
    public static void tokenizers() {
        if (!tokenizers) {
            cache("tokenizers", System.mapLibraryName("tokenizers"), SMALL_BYTES);
            if (variable(TOKENIZERS_FLAVOR) == null) {
                // Where DJL sees a GPU it would fetch a library for it from the network, which tokenizers do not use.
                System.setProperty(TOKENIZERS_FLAVOR, "cpu");
            }
            load("the tokenizers library", () -> {
                LibUtils.checkStatus();
                return null;
            });
            tokenizers = true;
        }
    }

    /**
     * Checks folders and variables, without loading the libraries.
     *
     * @throws TorchUnavailableException with the reason, if they cannot be loaded
     */
    public static void check() {
        variables();
        cache("tokenizers", System.mapLibraryName("tokenizers"), SMALL_BYTES);
        cache("pytorch", System.mapLibraryName("djl_torch"), LIBTORCH_BYTES);
    }

    /**
     * Loads libtorch by the given call.
     *
     * @param python the one to load; null for the one that comes along, or that PYTORCH_* variables name
     * @throws TorchUnavailableException with the reason, where it cannot be had
     */
    static <T> T torch(Supplier<T> loading, TorchLibraries python) {
        if (python == null) {
            variables();
        }
        cache("pytorch", System.mapLibraryName("djl_torch"), python == null ? LIBTORCH_BYTES : SMALL_BYTES);
        return python == null
                ? load("libtorch", loading)
                : load("libtorch of " + python.source(), () -> LibtorchLoader.load(python, loading));
    }

    /**
     * Decides which libtorch this process will have.
     *
     * @param gpu whether a GPU will compute
     * @return null for the one that comes along, or that PYTORCH_* variables name
     * @throws TorchUnavailableException with the reason, if it should be Python's and cannot be
     */
    static TorchLibraries python(boolean gpu) {
        if (variable(PATH) != null) {
            return null;
        }
        return TorchLibraries.choose(
                NativeLibraries::variable, gpu, cudaFlavor(), JniLibraries.onClassPath(), PythonTorch::find);
    }

    /** The kind of libtorch that comes along, or that PYTORCH_* variables name: {@code cpu}, or one such as cu128. */
    static String flavor() {
        String named = variable(FLAVOR);
        return named == null ? Platform.detectPlatform("pytorch").getFlavor() : named;
    }

    static boolean cudaFlavor() {
        return flavor().startsWith("cu");
    }

    private static <T> T load(String what, Supplier<T> loading) {
        try {
            return loading.get();
        } catch (EngineException | LinkageError | AssertionError | NullPointerException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            String words = cause.getMessage() == null
                    ? cause.getClass().getSimpleName()
                    : cause.getMessage().lines().findFirst().orElse("");
            throw new TorchUnavailableException("cannot load " + what + ": " + words + overrides(), e);
        }
    }

    private static String overrides() {
        String path = variable(PATH);
        return path == null
                ? ""
                : " (" + PATH + " is " + path + ", " + VERSION + " " + variable(VERSION) + ", " + FLAVOR + " "
                        + variable(FLAVOR) + ")";
    }

    static String variable(String name) {
        String v = Utils.getEnvOrSystemProperty(name);
        return v == null || v.isEmpty() ? null : v;
    }

    private static void variables() {
        TorchLibraries.choice(NativeLibraries::variable);
        String path = variable(PATH);
        String version = variable(VERSION);
        String flavor = variable(FLAVOR);
        if (path == null) {
            if (version == null && flavor == null) {
                return;
            }
            Platform bundled = Platform.detectPlatform("pytorch");
            if (version != null && !bundled.getVersion().startsWith(version)) {
                throw new TorchUnavailableException(VERSION + " is " + version + ", but this build has libtorch "
                        + bundled.getVersion() + " and " + PATH
                        + " is not set; " + ALL);
            }
            if (flavor != null && !bundled.getFlavor().equals(flavor)) {
                throw new TorchUnavailableException(FLAVOR + " is " + flavor + ", but this build has libtorch for "
                        + bundled.getFlavor() + " and " + PATH
                        + " is not set; " + ALL);
            }
            return;
        }
        String library = System.mapLibraryName("torch");
        if (Stream.of(path.split(File.pathSeparator))
                .map(File::new)
                .noneMatch(f -> f.isFile() && f.getName().equals(library) || new File(f, library).isFile())) {
            throw new TorchUnavailableException(PATH + " is " + path + ", where there is no " + library
                    + "; set it to the folder lib of a libtorch");
        }
        if (version == null || flavor == null) {
            throw new TorchUnavailableException(
                    PATH + " is set, but " + (version == null ? VERSION : FLAVOR) + " is not; " + ALL);
        }
        if (!version.matches("\\d+\\.\\d+\\.\\d+.*")) {
            throw new TorchUnavailableException(VERSION + " is " + version + "; set it to a version such as 2.7.1");
        }
    }

    /** Refuses a cache folder that neither contains the unpacked library nor has room for its bytes. */
    private static void cache(String engine, String library, long wanted) {
        Path folder;
        try {
            folder = Utils.getEngineCacheDir(engine);
        } catch (InvalidPathException e) {
            throw new TorchUnavailableException(named() + ": not a path: " + e.getReason(), e);
        }
        if (unpacked(folder, library)) {
            return;
        }
        String why;
        try {
            Files.createDirectories(folder);
            long free = Files.getFileStore(folder).getUsableSpace();
            if (Files.isWritable(folder) && free >= wanted) {
                return;
            }
            why = free < wanted
                    ? "they take " + (wanted >> 20) + " MiB, " + (free >> 20) + " MiB are free"
                    : "it cannot be written";
        } catch (IOException e) {
            why = e instanceof FileSystemException f ? FileProblems.reason(f) : FileProblems.tell(e);
        }
        throw new TorchUnavailableException("native libraries cannot be unpacked into " + folder + " (" + why
                + "), which is so because of " + named()
                + "; set DJL_CACHE_DIR to a folder that can be written");
    }

    private static String named() {
        for (String name : new String[] {"ENGINE_CACHE_DIR", "DJL_CACHE_DIR"}) {
            if (variable(name) != null) {
                return name + "=" + variable(name);
            }
        }
        return Files.isWritable(Path.of(System.getProperty("user.home")))
                ? "user.home=" + System.getProperty("user.home")
                : "java.io.tmpdir=" + System.getProperty("java.io.tmpdir");
    }

    private static boolean unpacked(Path folder, String library) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder, 3)) {
            return files.anyMatch(f -> f.getFileName().toString().endsWith(library));
        } catch (IOException | java.io.UncheckedIOException e) {
            return false;
        }
    }
}
