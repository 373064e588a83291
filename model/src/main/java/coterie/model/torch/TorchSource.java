package coterie.model.torch;

import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.nio.file.Path;

/**
 * Where libtorch comes from, for people.
 *
 * @param libtorch what it is, and its folder
 * @param jni the file between it and Java; DJL unpacks its own at the first use
 */
public record TorchSource(String libtorch, String jni) {
    /**
     * What runs on the CPU use.
     *
     * @throws TorchUnavailableException with the reason, if it cannot be had
     */
    public static TorchSource onCpu() {
        NativeLibraries.check();
        TorchLibraries python = NativeLibraries.python(false);
        return python == null ? notPython() : of(python);
    }

    /**
     * What runs on a GPU would use.
     *
     * @throws TorchUnavailableException with the reason, if there is none for a GPU
     */
    public static TorchSource onGpu() {
        TorchLibraries python = NativeLibraries.python(true);
        if (python != null) {
            return of(python);
        }
        TorchSource source = notPython();
        if (!NativeLibraries.cudaFlavor()) {
            throw new TorchUnavailableException(source.libtorch() + " was built without CUDA");
        }
        return source;
    }

    /**
     * Python's, whether or not it is used now.
     *
     * @throws TorchUnavailableException with the reason, if Python has none that fits
     */
    public static TorchSource ofPython() {
        return of(TorchLibraries.choose(
                name -> name.equals(TorchLibraries.CHOICE) ? "python" : NativeLibraries.variable(name),
                false,
                false,
                JniLibraries.onClassPath(),
                PythonTorch::find));
    }

    private static TorchSource of(TorchLibraries python) {
        Path jni = python.jni() == null ? jni(python.version(), python.flavor()) : python.jni();
        return new TorchSource(python.source() + " in " + python.torch().getParent(), jni.toString());
    }

    private static TorchSource notPython() {
        Platform platform = Platform.detectPlatform("pytorch");
        String flavor = NativeLibraries.flavor();
        String named = NativeLibraries.variable(NativeLibraries.PATH);
        if (named != null) {
            String version = NativeLibraries.variable(NativeLibraries.VERSION);
            return new TorchSource(
                    "PyTorch " + version + " (" + flavor + ") that " + NativeLibraries.PATH + " names, " + named,
                    jni(version, flavor).toString());
        }
        Path jni = jni(platform.getVersion(), flavor);
        return new TorchSource(
                "PyTorch " + platform.getVersion().replaceFirst("-.*", "") + " (" + flavor + ") that comes along, in "
                        + jni.getParent(),
                jni.toString());
    }

    /** Where DJL keeps its own, by its rules. */
    private static Path jni(String version, String flavor) {
        Platform platform = Platform.detectPlatform("pytorch");
        return Utils.getEngineCacheDir("pytorch")
                .resolve(version + "-" + flavor + "-" + platform.getClassifier())
                .resolve(platform.getApiVersion() + "-" + System.mapLibraryName("djl_torch"));
    }
}
