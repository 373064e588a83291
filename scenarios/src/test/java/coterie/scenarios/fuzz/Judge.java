package coterie.scenarios.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What must hold of every outcome, whatever the input. */
final class Judge {
    private static final Pattern FOREIGN = Pattern.compile("Exception\\b|[a-z]Error\\b|\\bat coterie\\.|\\[L[a-z]"
            + "|\\bjava\\.(lang|util|io|nio|net|time)|\\bjavax\\.|\\bsun\\.|\\bjdk\\.|\\bai\\.djl|\\bcom\\.fasterxml"
            + "|\\borg\\.(apache|jgrapht|yaml|xml|slf4j)|Cannot invoke|because \"|out of bounds|Input length = "
            + "|TorchScript|Traceback|@[0-9a-f]{6,8}\\b|JsonToken|START_OBJECT|VALUE_|a fault in coterie");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");
    /** A line, record or byte; or a key of a scenario or study. */
    private static final Pattern PLACE = Pattern.compile(
            ":\\d+\\b|\\b(line|record|byte|column)s? \\d+"
                    + "|\\b(name|seed|seeds|users|model|data|training|collaboration|topology|time|participation|faults"
                    + "|evaluation|checkpoints|record|tracking|extends|baselines|baseline|scenario|grid|variants?|set|measure)\\b");
    /** What is wrong with a file as a whole. */
    private static final Pattern WHOLE = Pattern.compile(
            "nothing in it|must be a map of keys|more mistakes are not shown|UTF-8|no such file|cannot be read|may not be read|is a "
                    + "folder|aliases make");

    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final int LONGEST = 2000;
    /** Twenty, and a line that counts the others. */
    private static final int MOST_MISTAKES = 21;

    private static final int MOST_SEARCHED = 20_000;

    private Judge() {}

    /** @return what is wrong with the outcome of {@code validate}; empty where nothing is */
    static Optional<String> ofValidate(Case c, Outcome o) throws IOException {
        Optional<String> any = common(o);
        if (any.isPresent()) {
            return any;
        }
        if (o.code() == 0) {
            if (!o.err().isBlank()) {
                return Optional.of("exit 0, but an error is told");
            }
            return believed(c) ? Optional.of("text that is not UTF-8 is believed") : Optional.empty();
        }
        if (o.code() != 2) {
            return Optional.of("validate ends with " + o.code());
        }
        return message(o, MOST_MISTAKES)
                .or(() -> o.err()
                        .strip()
                        .lines()
                        .map(line -> place(c, line))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    /** @return what is wrong with the outcome of {@code run}, where {@code validate} had nothing against it */
    static Optional<String> ofRun(Outcome o) {
        Optional<String> any = common(o);
        if (any.isPresent()) {
            return any;
        }
        if (o.code() == 2) {
            return Optional.of("validate is content, run is not");
        }
        if (o.code() == 130 && o.asked() && o.out().contains("results: ")) {
            // The request came when all was done already.
            return Optional.empty();
        }
        if (o.code() == 0) {
            return o.out().contains("NaN")
                            && !o.out().contains("diverged")
                            && !o.err().contains("diverged")
                    ? Optional.of("NaN, and nothing is said of it")
                    : Optional.empty();
        }
        if (o.code() != 1 && o.code() != 130) {
            return Optional.of("run ends with " + o.code());
        }
        return message(o, o.asked() ? 2 : 1);
    }

    /** Whether the mutated file is text, and not in UTF-8; XML declares its encoding itself. */
    private static boolean believed(Case c) throws IOException {
        String name = c.mutated().getFileName().toString();
        if (!Files.isRegularFile(c.mutated()) || name.matches(".*\\.(safetensors|gguf|graphml)")) {
            return false;
        }
        byte[] bytes = Files.readAllBytes(c.mutated());
        if (bytes.length > 1 && bytes[0] == GZIP[0] && bytes[1] == GZIP[1]) {
            return false;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return false;
        } catch (CharacterCodingException e) {
            return true;
        }
    }

    private static Optional<String> common(Outcome o) {
        if (o.stacks() != null) {
            return Optional.of(
                    o.asked()
                            ? "does not stop within " + Command.STOP_MILLIS / 1000 + " s"
                            : "takes more than " + Command.LIMIT_MILLIS / 1000 + " s");
        }
        if (o.thrown() != null) {
            return Optional.of("throws " + o.thrown().getClass().getSimpleName());
        }
        // What the tokenizers' library says of a file, and a tag that a file names, are passed on as they are.
        String all =
                start(o.out()) + start(o.err()).replaceAll("does not take it: .*|the tag \\S+ is not supported", "");
        if (FOREIGN.matcher(all).find()) {
            return Optional.of("a foreign message, exit " + o.code());
        }
        return CONTROL.matcher(all).find() ? Optional.of("control characters in a message") : Optional.empty();
    }

    private static String start(String said) {
        return said.substring(0, Math.min(said.length(), MOST_SEARCHED));
    }

    private static Optional<String> message(Outcome o, int most) {
        // Notes on a scenario do not say how the command ends.
        List<String> lines = o.err()
                .strip()
                .lines()
                .filter(l -> !l.startsWith("coterie: note: "))
                .toList();
        boolean words = lines.stream().allMatch(l -> l.startsWith("coterie: "));
        if (!words || lines.isEmpty() || lines.size() > most) {
            return Optional.of("exit " + o.code() + " with " + lines.size() + " lines instead of " + most
                    + " at most that begin with coterie:");
        }
        return lines.stream().anyMatch(l -> l.length() > LONGEST)
                ? Optional.of("a message of more than " + LONGEST + " characters")
                : Optional.empty();
    }

    private static Optional<String> place(Case c, String message) {
        String base = c.folder().resolve(ScenarioCases.BASE).toString();
        if (!message.contains(c.file().getFileName().toString()) && !message.contains(base)) {
            return Optional.of("the message names no file");
        }
        if (c.ofScenario() || c.ofStudy()) {
            String rest =
                    message.replace(c.file().toString(), "").replace(base, "").replaceFirst("^coterie: ", "");
            return PLACE.matcher(rest).find() || WHOLE.matcher(rest).find()
                    ? Optional.empty()
                    : Optional.of("the message names no place");
        }
        // Of data it may be all files, or all rows, together that are wrong, and of two files that do not fit it is one
        // that is named.
        boolean named = List.of("text", "ag-news", "vectors").contains(c.kind())
                ? message.contains("given") || message.contains("category")
                : c.siblings().stream().anyMatch(message::contains);
        return named ? Optional.empty() : Optional.of("the message does not name the file at fault");
    }
}
