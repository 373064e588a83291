package coterie.model.torch;

import ai.djl.util.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * DJL's libraries between Java and libtorch that come along. Each fits one version of libtorch and one flavor of it.
 *
 * @param torch the version of libtorch they are made for, such as 2.7.1
 * @param flavors {@code cpu}, and one such as {@code cu128} for each version of CUDA
 */
record JniLibraries(String torch, List<String> flavors) {
    private static final int OLDEST_CUDA = 11;
    private static final int NEWEST_CUDA = 19;
    private static final int MINORS = 10;

    /** Those on the class path for this kind of machine. */
    static JniLibraries onClassPath() {
        Properties about = new Properties();
        try (InputStream in = resource("pytorch.properties")) {
            if (in == null) {
                return new JniLibraries("none", List.of());
            }
            about.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String folder = Platform.detectPlatform("pytorch").getClassifier();
        String file = System.mapLibraryName("djl_torch");
        // A jar's folders cannot be listed by way of a class loader.
        List<String> flavors = Stream.concat(
                        Stream.of("cpu"),
                        IntStream.range(OLDEST_CUDA * MINORS, NEWEST_CUDA * MINORS)
                                .mapToObj(v -> "cu" + v))
                .filter(f -> JniLibraries.class.getResource("/jnilib/" + folder + "/" + f + "/" + file) != null)
                .toList();
        return new JniLibraries(about.getProperty("jni_version", "none").replaceFirst("-.*", ""), flavors);
    }

    private static InputStream resource(String name) {
        return JniLibraries.class.getResourceAsStream("/jnilib/" + name);
    }

    /**
     * The flavor for a libtorch of this version: all versions of CUDA with the same first number work together.
     *
     * @param cuda such as 12.6; null for a libtorch without it
     * @return null if there is none
     */
    String flavor(String cuda) {
        String wanted = cuda == null ? "cpu" : "cu" + cuda.replaceFirst("\\..*", "");
        return flavors.stream()
                .filter(f -> cuda == null ? f.equals(wanted) : f.startsWith(wanted))
                .findFirst()
                .orElse(null);
    }

    /** What to install so that it fits. */
    String advice() {
        return "pip install torch==" + torch;
    }
}
