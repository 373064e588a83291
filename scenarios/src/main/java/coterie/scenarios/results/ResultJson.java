package coterie.scenarios.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.scenarios.config.InputException;
import coterie.topology.files.PlainText;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** JSON files of a run's folder. A run writes them as a whole; they may have been cut or changed since. */
public final class ResultJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ResultJson() {}

    /**
     * Reads an object from a file.
     *
     * @throws InputException if there is none; the message names the file
     */
    public static ObjectNode read(Path file) {
        try (BufferedReader in = PlainText.open(file)) {
            if (JSON.readTree(in) instanceof ObjectNode object) {
                return object;
            }
            throw new InputException(file + ": must be a JSON object, as a run writes it");
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + ":" + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
                            + ": is no whole JSON; the file is damaged");
        } catch (IOException e) {
            throw new InputException(file + ": " + PlainText.why(e));
        }
    }

    /** Adds a number; null if it is not finite. */
    public static void number(ObjectNode to, String key, double value) {
        if (Double.isFinite(value)) {
            to.put(key, value);
        } else {
            to.putNull(key);
        }
    }
}
