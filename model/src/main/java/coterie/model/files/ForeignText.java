package coterie.model.files;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import coterie.topology.files.PlainText;
import coterie.topology.files.Shown;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text and JSON of models from other programs: UTF-8, or refused with a byte offset. A byte order mark is removed; a
 * git-lfs pointer, which is left if the file itself was not fetched, is recognised.
 */
public final class ForeignText {
    /** A tokenizer of a quarter of a million tokens takes 30 MB. */
    private static final int LARGEST = 1 << 28;

    private static final int LONGEST_LINE = 1000;
    private static final int SHOWN = 60;
    private static final byte[] POINTER =
            "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ForeignText() {}

    /**
     * The text of a file.
     *
     * @throws IOException if there is no such file, or it is not text in UTF-8; the message begins with the file
     */
    public static String read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException(file + ": there is no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is not a file" + (Files.isDirectory(file) ? " but a folder" : ""));
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        } catch (IOException e) {
            throw new IOException(file + ": " + PlainText.why(e), e);
        }
        if (bytes.length > LARGEST) {
            throw new IOException(file + " is larger than " + LARGEST + " bytes, the most that is read of such a file");
        }
        return decode(bytes, file.toString());
    }

    /**
     * The text that bytes encode.
     *
     * @param origin name of the source in messages
     * @throws IOException if they are not UTF-8; the message has the offset of the first wrong byte
     */
    public static String decode(byte[] bytes, String origin) throws IOException {
        refusePointer(bytes, origin);
        StringWriter text = new StringWriter();
        try (Reader in = PlainText.read(new ByteArrayInputStream(bytes))) {
            in.transferTo(text);
        } catch (IOException e) {
            throw new IOException(origin + ": " + e.getMessage(), e);
        }
        return text.toString();
    }

    /**
     * Refuses the pointer that git-lfs leaves if the file itself was not fetched.
     *
     * @throws IOException if these bytes begin such a pointer
     */
    public static void refusePointer(byte[] bytes, String origin) throws IOException {
        if (bytes.length >= POINTER.length && Arrays.equals(bytes, 0, POINTER.length, POINTER, 0, POINTER.length)) {
            throw new IOException(origin + " is a git-lfs pointer, not the file itself; fetch it with `git lfs pull`");
        }
    }

    /**
     * The JSON object in a file.
     *
     * @throws IOException if there is none; the message has file, line and column
     */
    public static JsonNode json(Path file) throws IOException {
        return json(read(file), file.toString());
    }

    /**
     * The JSON object that a text contains. A duplicate key is refused: readers differ in which of the two they use.
     *
     * @throws IOException if it is not an object; the message has line and column
     */
    public static JsonNode json(String text, String origin) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new IOException(
                    origin + " is not valid JSON: "
                            + (at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ")
                            + reason(e),
                    e);
        }
        if (!root.isObject()) {
            throw new IOException(
                    origin + " must be a JSON object, found " + (root.isMissingNode() ? "nothing" : brief(root)));
        }
        return root;
    }

    /** Returns a parser of JSON that refuses duplicate keys. */
    public static JsonParser parser(Reader in) throws IOException {
        return JSON.getFactory().createParser(in);
    }

    /** Returns what is wrong with JSON, without the parser's own names for its settings and sources. */
    public static String reason(JsonProcessingException e) {
        String said = e.getOriginalMessage().lines().findFirst().orElse("");
        Matcher token = Pattern.compile("Non-standard token '(.*?)'").matcher(said);
        if (e instanceof MismatchedInputException) {
            return "something stands behind the object's end";
        } else if (e instanceof JsonEOFException || said.startsWith("Unexpected end-of-input")) {
            return "it ends in the middle";
        } else if (token.find()) {
            return token.group(1) + " is not JSON";
        } else if (said.contains("comment")) {
            return "comments are not JSON";
        } else if (said.startsWith("Document nesting depth")) {
            return "nested too deeply, more than "
                    + JSON.getFactory().streamReadConstraints().getMaxNestingDepth() + " levels";
        }
        return said.replaceAll("\\[Source:.*?; (line: \\d+, column: \\d+)]", "$1")
                .replaceAll(", from `[^`]*`|: enable `[^`]*` to allow", "")
                .replaceAll(",? ?\\(?not recognized as one since [^)]*\\)?", "");
    }

    /** A JSON value for a message, shortened to a few dozen characters. */
    public static String brief(JsonNode value) {
        String text = value.isMissingNode() ? "nothing" : value.toString();
        return Shown.of(text, SHOWN);
    }

    /** A message that may contain names from a file, as one line of limited length. */
    public static String line(String message) {
        return Shown.of(message, LONGEST_LINE);
    }
}
