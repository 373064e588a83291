package coterie.scenarios.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code defaults.yaml}: every setting that all scenarios have, with its default and what it does. */
final class Defaults {
    static final String FILE = "defaults.yaml";
    private static final ObjectNode ROOT = LocatedTree.parse(FILE, text()).root();

    private Defaults() {}

    /** As a tree. It is shared: copy it before you change it. */
    static ObjectNode root() {
        return ROOT;
    }

    static String text() {
        try (InputStream in = Defaults.class.getResourceAsStream("/coterie/scenarios/" + FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
