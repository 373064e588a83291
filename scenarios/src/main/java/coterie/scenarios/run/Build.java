package coterie.scenarios.run;

import coterie.actors.clock.Engine;
import coterie.model.learn.Learner;
import coterie.topology.random.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Which program this is. */
public final class Build {
    /** Shown by {@code --version}. */
    public static final String NUMBER = "0.1.0";
    private static final int HASH_DIGITS = 12;

    private Build() {
    }

    /** The version, and a hash of the program: two nodes where it is the same do the same. */
    public static String version() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (Class<?> room : List.of(Stream.class, Learner.class, Engine.class, Build.class)) {
                Path at = Path.of(room.getProtectionDomain().getCodeSource().getLocation().toURI());
                if (Files.isDirectory(at)) {
                    List<Path> classes;
                    try (java.util.stream.Stream<Path> all = Files.walk(at)) {
                        classes = all.filter(Files::isRegularFile).sorted().toList();
                    }
                    for (Path c : classes) {
                        sha.update(at.relativize(c).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                        sha.update(Files.readAllBytes(c));
                    }
                } else {
                    sha.update(Files.readAllBytes(at));
                }
            }
            return NUMBER + "-" + HexFormat.of().formatHex(sha.digest()).substring(0, HASH_DIGITS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
