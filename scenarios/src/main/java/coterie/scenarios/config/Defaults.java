package coterie.scenarios.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code defaults.yaml}: the settings common to all scenarios, with their defaults and descriptions. */
final class Defaults {
    static final String FILE = "defaults.yaml";
    private static final ObjectNode ROOT = LocatedTree.parse(FILE, text()).root();

    private Defaults() {}

    /** Returns the defaults as a tree. It is shared and must not be modified. */
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
