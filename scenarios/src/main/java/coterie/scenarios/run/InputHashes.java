package coterie.scenarios.run;

import coterie.model.base.PretrainedBase;
import coterie.model.text.DataException;
import coterie.scenarios.config.DataSettings;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.DataIndex;
import coterie.topology.files.PlainText;
import coterie.topology.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Hashes of the files that scenarios name: of the files that a run reads, not of others beside them. Each file is read
 * once for all scenarios.
 */
public final class InputHashes {
    static final String PREFIX = DataIndex.PREFIX;
    private static final int CHUNK = 1 << 16;
    private static final String DATA = "data.";
    private static final String SHARED = "data.shared.";
    private final Map<String, String> known = new HashMap<>();

    /**
     * SHA-256 over names and content, by the key of the setting that names the files; or why they cannot be read, in
     * which case the run will be refused later.
     */
    Map<String, String> of(Loaded loaded) {
        Map<String, String> all = new TreeMap<>();
        for (String key : loaded.files()) {
            String value = loaded.resolved().at("/" + key.replace('.', '/')).asText();
            Path path = InputFile.located(Path.of(value), loaded.file());
            DataSettings data = loaded.scenario().data();
            String name = key + " " + source(key, data) + " " + path.toAbsolutePath();
            String hash = known.get(name);
            if (hash == null) {
                hash = hash(key, data, path);
                known.put(name, hash);
            }
            all.put(key, hash);
        }
        return all;
    }

    private static String source(String key, DataSettings data) {
        return key.startsWith(SHARED)
                ? data.shared().source().toString()
                : key.startsWith(DATA) ? data.source().toString() : "";
    }

    private static String hash(String key, DataSettings data, Path path) {
        try {
            return hash(path, files(key, data, path));
        } catch (DataException e) {
            return e.getMessage();
        } catch (IOException e) {
            return path + ": " + PlainText.why(e);
        }
    }

    /** The files that are read for a setting, in a fixed order. */
    private static List<Path> files(String key, DataSettings data, Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        if (key.equals("model.base")) {
            return PretrainedBase.files(path);
        }
        if (key.startsWith(SHARED)) {
            return data.shared().source().files(path);
        }
        if (key.startsWith(DATA)) {
            return data.source().files(path);
        }
        try (Stream<Path> all = Files.walk(path, 2)) {
            return all.filter(p ->
                            Files.isRegularFile(p) && p.getFileName().toString().startsWith("adapter_"))
                    .sorted()
                    .toList();
        }
    }

    private static String hash(Path root, List<Path> files) throws IOException {
        MessageDigest all = Sha256.digest();
        byte[] chunk = new byte[CHUNK];
        for (Path file : files) {
            MessageDigest one = Sha256.digest();
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), one)) {
                while (in.read(chunk) >= 0) {
                    // The stream hashes what it reads.
                }
            }
            all.update((root.relativize(file) + "\n").getBytes(StandardCharsets.UTF_8));
            all.update(one.digest());
        }
        return PREFIX + Sha256.hex(all);
    }
}
