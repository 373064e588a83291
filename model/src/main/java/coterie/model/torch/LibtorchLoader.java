package coterie.model.torch;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Loads Python's libtorch, and makes DJL use it.
 *
 * <p>Pointed at the folder of a Python package, DJL would load every library there in the order of the file system.
 * Some are not needed and cannot be loaded without a driver ({@code libcaffe2_nvrtc.so} needs {@code libcuda.so.1}),
 * and those of CUDA lie elsewhere. So the system's own loader does it: from {@code libtorch.so} it loads exactly what
 * that needs, in the right order, by the paths that the libraries have of each other. DJL is then shown a folder with
 * no more than a link to {@code libtorch.so}, which is loaded already, and one to the user's JNI library if there is
 * one: DJL looks for it there before it looks for its own.
 */
final class LibtorchLoader {
    /** What is missing, in the loader's message in any language: {@code libtorch.so: libcudart.so.12: cannot open …} */
    private static final Pattern MISSING = Pattern.compile(": ([^:/\\s]+\\.(?:so|dylib)[.\\d]*): ");

    /** Find all functions at once, not each at its first call. */
    private static final int RTLD_NOW = 2;

    private LibtorchLoader() {}

    /**
     * @param loading lets DJL load what is missing yet
     * @throws TorchUnavailableException if no folder can be made
     */
    static <T> T load(TorchLibraries libraries, Supplier<T> loading) {
        load(libraries.torch(), new HashMap<>(libraries.others()));
        if (libraries.jni() != null) {
            check(libraries);
        }
        Path folder = folder(libraries);
        Map<String, String> settings = Map.of(
                NativeLibraries.PATH, folder.toString(),
                NativeLibraries.VERSION, libraries.version(),
                NativeLibraries.FLAVOR, libraries.flavor());
        try {
            settings.forEach(System::setProperty);
            return loading.get();
        } finally {
            settings.keySet().forEach(System::clearProperty);
            delete(folder);
        }
    }

    /**
     * Loads a library, and before it those that it needs and does not find: packages of CUDA may lie in another folder
     * than PyTorch's.
     */
    static void load(Path library, Map<String, Path> others) {
        while (true) {
            try {
                System.load(library.toAbsolutePath().toString());
                return;
            } catch (UnsatisfiedLinkError e) {
                Path needed = others.remove(missing(e.getMessage()));
                if (needed == null) {
                    throw e;
                }
                load(needed, others);
            }
        }
    }

    /** Refuses a library that lacks functions in this libtorch: the first call of one would end the process. */
    private static void check(TorchLibraries libraries) {
        try {
            NativeLibrary.getInstance(libraries.jni().toString(), Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW));
        } catch (UnsatisfiedLinkError e) {
            // One of several lines is the system's; the others say where JNA has looked.
            String system = libraries.jni() + ": ";
            throw new TorchUnavailableException(
                    TorchLibraries.JNI + " is " + libraries.jni() + ", which was not made for libtorch "
                            + libraries.version()
                            + e.getMessage()
                                    .lines()
                                    .filter(l -> l.startsWith(system))
                                    .findFirst()
                                    .map(l -> ": " + l.substring(system.length()))
                                    .orElse(""),
                    e);
        }
    }

    /** The file that the loader did not find; empty if it failed for another reason. */
    static String missing(String message) {
        Matcher m = MISSING.matcher(message == null ? "" : message);
        return m.find() ? m.group(1) : "";
    }

    private static Path folder(TorchLibraries libraries) {
        try {
            Path folder = Files.createTempDirectory("coterie-libtorch");
            Files.createSymbolicLink(folder.resolve(libraries.torch().getFileName()), libraries.torch());
            if (libraries.jni() != null) {
                Files.createSymbolicLink(folder.resolve(System.mapLibraryName("djl_torch")), libraries.jni());
            }
            return folder;
        } catch (IOException | UnsupportedOperationException e) {
            throw new TorchUnavailableException(
                    "no folder for links to libtorch can be made in java.io.tmpdir="
                            + System.getProperty("java.io.tmpdir"),
                    e);
        }
    }

    private static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(System.mapLibraryName("torch")));
            Files.deleteIfExists(folder.resolve(System.mapLibraryName("djl_torch")));
            Files.delete(folder);
        } catch (IOException e) {
            // Two links in a folder for temporary files may stay.
        }
    }
}
