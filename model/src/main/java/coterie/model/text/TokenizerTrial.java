package coterie.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import coterie.model.torch.TorchUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Tries a tokenizer in a separate Java process, since the native library aborts its process on unexpected components.
 * {@link #main} reads the number of tokens (four bytes) and the JSON from standard input.
 */
final class TokenizerTrial {
    /** The samples: many scripts, and input that is not text or not words. */
    static final List<String> SAMPLES = List.of(
            "",
            " ",
            "The quick brown fox, 42 times; don't!",
            "\n\t  a\r\n",
            "äßéñçøğ Ελληνικά Русский",
            "你好，世界 こんにちは 한국어",
            "שלום عربى हिन्दी ไทย",
            "😀👩‍👩‍👧 \u0000\u0007\ufffd\u200b\u202e",
            "e\u0301\u0327 \ufb01 \u2460 ½",
            "a".repeat(3000),
            "_▁Ġ<s></s>[UNK]");

    private static final String REFUSED = "tokenizer refused: ";
    private static final int LONGEST_SECONDS = 120;
    /** Maximum number of ids decoded, since a file may contain a token with id 2^30. */
    private static final int MOST_IDS = 1 << 19;

    private static final Set<UUID> PASSED = ConcurrentHashMap.newKeySet();

    private TokenizerTrial() {}

    /**
     * Tries a tokenizer.
     *
     * @throws IOException if the library rejects it or crashes; with the message of the library
     */
    static void run(String json, int size, String origin) throws IOException {
        UUID key = UUID.nameUUIDFromBytes(json.getBytes(StandardCharsets.UTF_8));
        if (PASSED.contains(key)) {
            return;
        }
        Process p;
        try {
            p = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:-CreateCoredumpOnCrash",
                            "-XX:ErrorFile=/dev/null",
                            "-cp",
                            System.getProperty("java.class.path"),
                            TokenizerTrial.class.getName())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new TorchUnavailableException(
                    "cannot start a Java process to try " + origin + " in: " + e.getMessage(), e);
        }
        Thread feeding = new Thread(() -> feed(p, json, size), "tokenizer-trial");
        feeding.setDaemon(true);
        feeding.start();
        Thread limit = new Thread(() -> end(p), "tokenizer-trial-limit");
        limit.setDaemon(true);
        limit.start();
        try {
            String output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = p.waitFor();
            if (code == 0) {
                PASSED.add(key);
                return;
            }
            throw new IOException(origin + ": the tokenizers library does not take it: " + message(output, code));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(origin + ": interrupted", e);
        } finally {
            p.destroyForcibly();
        }
    }

    private static void end(Process p) {
        try {
            if (!p.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                p.destroyForcibly();
            }
        } catch (InterruptedException e) {
            p.destroyForcibly();
        }
    }

    private static void feed(Process p, String json, int size) {
        try (OutputStream out = p.getOutputStream()) {
            out.write(ByteBuffer.allocate(4).putInt(size).array());
            out.write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The process ended before it read everything; its exit code tells why.
        }
    }

    /**
     * Extracts the message of the library from the output of the process: that of an exception, or the line after the
     * location of a panic.
     */
    private static String message(String output, int code) {
        List<String> lines =
                output.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(REFUSED)) {
                return lines.get(i).substring(REFUSED.length());
            }
            if (lines.get(i).contains("panicked at")) {
                return "it crashes: " + (i + 1 < lines.size() ? lines.get(i + 1) : lines.get(i));
            }
        }
        if (code == 137) {
            return "it was killed, after " + LONGEST_SECONDS + " seconds or for memory";
        }
        return "it crashes, exit code " + code + (lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1));
    }

    /** Loads a tokenizer, encodes and decodes; exits with 0 if everything works. */
    public static void main(String[] none) throws IOException {
        System.setProperty("OPT_OUT_TRACKING", "true");
        int size = ByteBuffer.wrap(System.in.readNBytes(4)).getInt();
        byte[] json = System.in.readAllBytes();
        try (HuggingFaceTokenizer t = Tokenizer.open(new ByteArrayInputStream(json))) {
            for (String sample : SAMPLES) {
                t.decode(t.encode(sample, false, false).getIds(), false);
            }
            for (int id = 0; id < Math.min(size, MOST_IDS); id++) {
                t.decode(new long[] {id}, false);
            }
        } catch (IOException | RuntimeException | Error e) {
            System.out.println(
                    REFUSED + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            System.exit(3);
        }
    }
}
