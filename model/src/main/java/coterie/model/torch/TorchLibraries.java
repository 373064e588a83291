package coterie.model.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The libtorch of a Python, and the library between it and Java.
 *
 * @param source for people: whose it is
 * @param torch the file that needs all others
 * @param jni a library that the user names; null for DJL's own of this flavor
 * @param version of libtorch, such as 2.7.1
 * @param flavor {@code cpu}, or one such as {@code cu128}
 * @param cuda whether it can compute on a GPU
 * @param others libraries of other packages by file name, for those that libtorch does not find by itself
 */
record TorchLibraries(
        String source, Path torch, Path jni, String version, String flavor, boolean cuda, Map<String, Path> others) {
    /** Chooses: {@code python} or {@code bundled}. */
    static final String CHOICE = "COTERIE_TORCH";
    /** Names a library between Java and a libtorch that DJL has none for. */
    static final String JNI = "COTERIE_JNI";

    private static final String PYTHON_VALUE = "python";
    private static final String BUNDLED_VALUE = "bundled";
    private static final List<String> CUDA_FOLDERS = List.of("nvidia/*/lib", "cusparselt/lib");

    /**
     * Decides whether Python's is used in place of the one that comes along: if the user says so, or a GPU will compute
     * and the one that comes along was built without CUDA.
     *
     * @param variables values of environment variables, or null
     * @param gpu whether a GPU will compute
     * @param bundledCuda whether the one that comes along was built with CUDA
     * @param find asks a Python
     * @return null if it is not used
     * @throws TorchUnavailableException with the reason, if it should be used and cannot
     */
    static TorchLibraries choose(
            Function<String, String> variables,
            boolean gpu,
            boolean bundledCuda,
            JniLibraries jni,
            Function<String, PythonTorch> find) {
        String choice = choice(variables);
        boolean asked = PYTHON_VALUE.equals(choice);
        if (!asked && (!gpu || bundledCuda || choice != null)) {
            return null;
        }
        try {
            TorchLibraries found = of(python(variables, jni, find), jni, variables.apply(JNI));
            if (gpu && !found.cuda()) {
                throw new TorchUnavailableException(found.source() + " was built without CUDA: " + advice(jni));
            }
            return found;
        } catch (TorchUnavailableException e) {
            throw asked
                    ? e
                    : new TorchUnavailableException(
                            "the libtorch that comes along has no CUDA, and " + e.getMessage(), e);
        }
    }

    private static PythonTorch python(
            Function<String, String> variables, JniLibraries jni, Function<String, PythonTorch> find) {
        try {
            return find.apply(variables.apply(PythonTorch.PYTHON));
        } catch (TorchUnavailableException e) {
            throw new TorchUnavailableException(e.getMessage() + ": " + advice(jni), e);
        }
    }

    private static String advice(JniLibraries jni) {
        return jni.advice() + ", for instance in a virtual environment, and name its Python by " + PythonTorch.PYTHON;
    }

    /** Checks the user's choice. */
    static String choice(Function<String, String> variables) {
        String choice = variables.apply(CHOICE);
        if (choice != null && !choice.equals(PYTHON_VALUE) && !choice.equals(BUNDLED_VALUE)) {
            throw new TorchUnavailableException(
                    CHOICE + " must be " + PYTHON_VALUE + " or " + BUNDLED_VALUE + ", found " + choice);
        }
        return choice;
    }

    /**
     * The libraries of a PyTorch.
     *
     * @param ownJni the user's library for it; null for none
     * @throws TorchUnavailableException with the reason, if it does not fit
     */
    static TorchLibraries of(PythonTorch found, JniLibraries jni, String ownJni) {
        Path torch = found.libraries().resolve(System.mapLibraryName("torch"));
        if (!Files.isRegularFile(torch)) {
            throw new TorchUnavailableException(found.inWords() + " has no file " + torch + ": " + advice(jni));
        }
        boolean cuda = found.cuda() != null
                && Files.isRegularFile(found.libraries().resolve(System.mapLibraryName("torch_cuda")));
        String version = cuda ? found.cuda() : null;
        String flavor;
        if (ownJni != null) {
            if (!Files.isRegularFile(Path.of(ownJni))) {
                throw new TorchUnavailableException(JNI + " is " + ownJni + ", which is no file");
            }
            flavor = cuda ? "cu" + version.replace(".", "") : "cpu";
        } else {
            if (!found.release().equals(jni.torch())) {
                throw new TorchUnavailableException(found.inWords() + " does not fit, only " + jni.torch() + " does: "
                        + advice(jni) + "; or name by " + JNI + " a libdjl_torch.so that was made for "
                        + found.release());
            }
            flavor = jni.flavor(version);
            if (flavor == null) {
                throw new TorchUnavailableException(found.inWords() + " does not fit: it was built for "
                        + (cuda ? "CUDA " + version : "this kind of processor") + ", and DJL's libraries are for "
                        + String.join(", ", jni.flavors()) + ": " + advice(jni));
            }
        }
        return new TorchLibraries(
                found.inWords(),
                torch,
                ownJni == null ? null : Path.of(ownJni).toAbsolutePath(),
                found.release(),
                flavor,
                cuda,
                others(found.packages()));
    }

    /** The files in folders of CUDA's packages. */
    private static Map<String, Path> others(List<Path> packages) {
        Map<String, Path> all = new HashMap<>();
        for (Path folder : packages) {
            for (String pattern : CUDA_FOLDERS) {
                for (Path lib : matching(folder, pattern)) {
                    files(lib).forEach(f -> all.putIfAbsent(f.getFileName().toString(), f));
                }
            }
        }
        return all;
    }

    private static List<Path> matching(Path folder, String pattern) {
        int star = pattern.indexOf("*/");
        if (star < 0) {
            return List.of(folder.resolve(pattern));
        }
        return files(folder.resolve(pattern.substring(0, star))).stream()
                .map(f -> f.resolve(pattern.substring(star + 2)))
                .toList();
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }
}
