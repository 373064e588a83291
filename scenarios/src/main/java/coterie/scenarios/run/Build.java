package coterie.scenarios.run;

import coterie.actors.clock.Engine;
import coterie.model.learn.Learner;
import coterie.scenarios.config.ComponentProvider;
import coterie.scenarios.config.ComponentRegistry;
import coterie.topology.files.Sha256;
import coterie.topology.random.RandomStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Identifies this program. */
public final class Build {
    /** The version, as in all files that VersionTest names. Shown by {@code --version}. */
    public static final String NUMBER = "0.2.0-SNAPSHOT";

    private static final int HASH_DIGITS = 12;
    private static final int CHUNK = 1 << 16;

    /** Hashes the program once, when it is first needed. */
    private static final class Program {
        private static final String VERSION = NUMBER + "-" + hash();
    }

    private Build() {}

    /**
     * The version and a hash of the program's classes and resources, and of its plug-ins. Equal hashes compute the
     * same. The hash does not depend on when and where the program was built, nor on whether classes are in folders or
     * jars.
     */
    public static String version() {
        return Program.VERSION;
    }

    private static String hash() {
        try {
            MessageDigest sha = Sha256.digest();
            Set<Path> places = new LinkedHashSet<>();
            for (Class<?> room : List.of(RandomStream.class, Learner.class, Engine.class, Build.class)) {
                places.add(place(room));
            }
            for (ComponentProvider provider : ComponentRegistry.providers()) {
                places.add(place(provider.getClass()));
            }
            for (Path at : places) {
                if (Files.isDirectory(at)) {
                    update(sha, at);
                } else {
                    try (FileSystem jar = FileSystems.newFileSystem(at)) {
                        update(sha, jar.getPath("/"));
                    }
                }
            }
            return Sha256.hex(sha).substring(0, HASH_DIGITS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The folder or jar that a class was loaded from. */
    private static Path place(Class<?> room) throws URISyntaxException {
        return Path.of(room.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static void update(MessageDigest sha, Path root) throws IOException {
        List<Path> files;
        try (java.util.stream.Stream<Path> all = Files.walk(root)) {
            // Files that the build adds differ between a folder and a jar.
            files = all.filter(
                            p -> Files.isRegularFile(p) && !root.relativize(p).startsWith("META-INF"))
                    .sorted()
                    .toList();
        }
        byte[] chunk = new byte[CHUNK];
        for (Path file : files) {
            sha.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
            try (InputStream in = Files.newInputStream(file)) {
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    sha.update(chunk, 0, n);
                }
            }
        }
    }
}
