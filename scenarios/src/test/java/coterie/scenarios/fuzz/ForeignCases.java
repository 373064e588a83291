package coterie.scenarios.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Scenarios that are right and name a foreign file that is mutated, and mutated studies. */
final class ForeignCases {
    static final String STUDY = "study";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCENARIO = """
            name: fuzz
            users: 4
            model: {base: %s, lora: {rank: 2, alpha: 4}%s}
            data: {%s, train_tokens: 120, validation_tokens: 60, test_tokens: 60, shared_tokens: 80}
            training: {iterations: 2, batch_size: 2, context: 16}
            collaboration: {every: 1, trust: {shared_windows: 2, top_k_logits: 5}}
            evaluation: {every: 2}
            record: {samples: 1}
            %s
            """;
    private static final String VECTORS = """
            name: fuzz
            users: 4
            model: {learner: softmax}
            data: {source: vectors, path: given/rows.csv, train_rows: 6, validation_rows: 3, test_rows: 3}
            training: {iterations: 2, batch_size: 2}
            collaboration: {strategy: validation-performance, every: 1}
            evaluation: {every: 2}
            """;
    /** Bytes of a GGUF file in which most of its keys lie. */
    private static final int GGUF_KEYS = 700;

    private static final String MADE = "source: 'builtin:romance'";

    /**
     * A kind of foreign file.
     *
     * @param source the corpus' folder that is copied beside the scenario, as {@code given}
     * @param files of which one is mutated
     */
    private record Kind(String source, List<String> files, String scenario) {}

    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final Corpus corpus;
    private final Listener listener;

    /** @param listener whom XML files name, to see whether they are obeyed */
    ForeignCases(Corpus corpus, Listener listener) {
        this.corpus = corpus;
        this.listener = listener;
        String adapter = ", adapter: {path: given}";
        String base = corpus.folder().resolve("base").toString();
        kinds.put(
                "adapter-config",
                new Kind("adapted", List.of("adapter_config.json"), SCENARIO.formatted(base, adapter, MADE, "")));
        kinds.put(
                "adapter-weights",
                new Kind("adapted", List.of("adapter_model.safetensors"), SCENARIO.formatted(base, adapter, MADE, "")));
        kinds.put("base-config", new Kind("base", List.of("config.json"), SCENARIO.formatted("given", "", MADE, "")));
        for (String family : Corpus.FAMILIES) {
            kinds.put(
                    family + "-config",
                    new Kind(family, List.of("config.json"), SCENARIO.formatted("given", "", MADE, "")));
        }
        kinds.put("gguf", new Kind("gguf", List.of("base.gguf"), SCENARIO.formatted("given/base.gguf", "", MADE, "")));
        kinds.put("tokenizer", new Kind("base", List.of("tokenizer.json"), SCENARIO.formatted("given", "", MADE, "")));
        kinds.put(
                "vocabulary",
                new Kind("base-bpe", List.of("vocab.json", "merges.txt"), SCENARIO.formatted("given", "", MADE, "")));
        kinds.put(
                "base-weights",
                new Kind("base", List.of("model.safetensors"), SCENARIO.formatted("given", "", MADE, "")));
        kinds.put(
                "shards",
                new Kind(
                        "base-sharded",
                        List.of(
                                "model.safetensors.index.json",
                                "model.safetensors.index.json",
                                "model-00001-of-00002.safetensors"),
                        SCENARIO.formatted("given", "", MADE, "")));
        kinds.put(
                "graphml",
                new Kind(
                        "graph",
                        List.of("ring.graphml"),
                        SCENARIO.formatted(base, "", MADE, "topology: {kind: file, path: given/ring.graphml}")));
        kinds.put(
                "edges",
                new Kind(
                        "graph",
                        List.of("edges.txt"),
                        SCENARIO.formatted(base, "", MADE, "topology: {kind: file, path: given/edges.txt}")));
        kinds.put(
                "neighbours",
                new Kind(
                        "graph",
                        List.of("neighbours.txt"),
                        SCENARIO.formatted(
                                base, "", MADE, "topology: {kind: file, path: given/neighbours.txt, directed: true}")));
        kinds.put(
                "lines",
                new Kind(
                        "trace",
                        List.of("lines.csv"),
                        SCENARIO.formatted(
                                base, "", MADE, "time: {bandwidth: {model: trace, path: given/lines.csv}}")));
        kinds.put(
                "presence",
                new Kind(
                        "trace",
                        List.of("presence.csv"),
                        SCENARIO.formatted(base, "", MADE, "participation: {model: trace, path: given/presence.csv}")));
        kinds.put(
                "layers",
                new Kind(
                        "trace",
                        List.of("layers.csv"),
                        SCENARIO.formatted(base, "", MADE, "time: {compute: {model: trace, path: given/layers.csv}}")));
        kinds.put(
                "latency",
                new Kind(
                        "trace",
                        List.of("latency.csv"),
                        SCENARIO.formatted(
                                base, "", MADE, "time: {latency: {model: matrix, path: given/latency.csv}}")));
        kinds.put(
                "ag-news",
                new Kind(
                        "ag",
                        List.of("train.csv", "test.csv"),
                        SCENARIO.formatted(base, "", "source: ag-news, path: given", "")));
        kinds.put(
                "text",
                new Kind(
                        "text",
                        List.of("english.lines.txt", "french.docs.txt", "java/program-3.txt"),
                        SCENARIO.formatted(base, "", "source: text, path: given", "")));
        kinds.put("vectors", new Kind("rows", List.of("rows.csv"), VECTORS));
        kinds.put(STUDY, new Kind("graph", List.of(), SCENARIO.formatted(base, "", MADE, "")));
    }

    List<String> kinds() {
        return List.copyOf(kinds.keySet());
    }

    /** Writes a kind's files into a folder as they should be. */
    Case plain(String name, Path folder) throws IOException {
        Kind kind = kinds.get(name);
        Path file = folder.resolve("scenario.yaml");
        Files.writeString(file, kind.scenario);
        copy(corpus.folder().resolve(kind.source), folder.resolve("given"));
        return new Case(name, 0, folder, file, file, "nothing");
    }

    /** Writes the case that a kind and a seed give into a folder. */
    Case make(String name, long seed, Path folder) throws IOException {
        Random random = new Random(seed);
        Kind kind = kinds.get(name);
        Path file = plain(name, folder).file();
        if (name.equals(STUDY)) {
            return study(seed, folder, random);
        }
        Path given = folder.resolve("given");
        Path mutated = given.resolve(kind.files.get(random.nextInt(kind.files.size())));
        StringBuilder what = new StringBuilder();
        for (int n = random.nextInt(3) == 0 ? 2 : 1; n > 0; n--) {
            what.append(what.isEmpty() ? "" : "; ")
                    .append(
                            random.nextInt(25) == 0
                                    ? misplaced(mutated, random)
                                    : changed(mutated, random, Case.id(name, seed)));
        }
        return new Case(name, seed, folder, file, mutated, what.toString());
    }

    private Case study(long seed, Path folder, Random random) throws IOException {
        Raw raw = new Raw();
        boolean yaml = random.nextInt(3) > 0;
        ObjectNode tree =
                corpus.studies().get(random.nextInt(corpus.studies().size())).deepCopy();
        tree.put("scenario", "scenario.yaml");
        TreeMutations mutations = new TreeMutations(random, raw, yaml);
        String what = mutations.mutate(tree) + (random.nextInt(3) == 0 ? "; " + mutations.mutate(tree) : "");
        String text = raw.fill(ScenarioCases.written(tree, yaml));
        if (random.nextInt(5) == 0) {
            TextMutations.Mutated mutated = new TextMutations(random).mutate(text);
            text = mutated.text();
            what += "; " + mutated.what();
        }
        Path file = folder.resolve("study.yaml");
        Files.writeString(file, text);
        return new Case(STUDY, seed, folder, file, file, what);
    }

    /** The file is not there, or something else is in its place. */
    private static String misplaced(Path file, Random random) throws IOException {
        Files.deleteIfExists(file);
        switch (random.nextInt(5)) {
            case 0 -> {
                return "no such file";
            }
            case 1 -> {
                Files.createDirectories(file);
                return "a folder in its place";
            }
            case 2 -> {
                Files.createFile(file);
                return "an empty file";
            }
            case 3 -> {
                Files.createSymbolicLink(file, file.getFileName());
                return "a link to itself";
            }
            default -> {
                Files.createSymbolicLink(file, Path.of("."));
                return "a link to its folder";
            }
        }
    }

    private String changed(Path file, Random random, String id) throws IOException {
        if (!Files.isRegularFile(file)) {
            return "nothing";
        }
        byte[] bytes = Files.readAllBytes(file);
        String name = file.getFileName().toString();
        if (random.nextInt(4) == 0) {
            BinaryMutations.Mutated mutated = new BinaryMutations(random).mutate(bytes);
            Files.write(file, mutated.bytes());
            return mutated.what();
        }
        try {
            if (name.endsWith(".json")) {
                return tree(file, bytes, random);
            }
            if (name.endsWith(".safetensors")) {
                return header(file, bytes, random);
            }
            if (name.endsWith(".gguf")) {
                return gguf(file, bytes, random);
            }
        } catch (IOException | ClassCastException e) {
            // An earlier mutation has left no tree: its text is changed.
            return text(file, new String(bytes, StandardCharsets.ISO_8859_1), random);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (name.endsWith(".graphml") && random.nextInt(3) == 0) {
            Files.writeString(file, XmlMutations.mutate(text, random, listener.address(id)));
            return "XML's own";
        }
        return text(file, text, random);
    }

    private static String text(Path file, String text, Random random) throws IOException {
        TextMutations.Mutated mutated = new TextMutations(random).mutate(text);
        Files.write(file, mutated.text().getBytes(StandardCharsets.UTF_8));
        return mutated.what();
    }

    private static String tree(Path file, byte[] bytes, Random random) throws IOException {
        ObjectNode tree = (ObjectNode) JSON.readTree(bytes);
        Raw raw = new Raw();
        String what = JsonSettings.change(file.getFileName().toString(), tree, random, raw);
        Files.write(file, raw.fill(tree.toString()).getBytes(StandardCharsets.UTF_8));
        return what;
    }

    /** The header of a safetensors file is a tree; its length stands before it. */
    private static String header(Path file, byte[] bytes, Random random) throws IOException {
        if (bytes.length < Long.BYTES) {
            throw new IOException("no header");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long length = in.getLong();
        if (length < 0 || length > bytes.length - Long.BYTES) {
            throw new IOException("no header");
        }
        int end = Long.BYTES + (int) length;
        if (random.nextInt(6) == 0) {
            in.putLong(
                    0,
                    random.nextBoolean()
                            ? length + random.nextInt(9) - 4
                            : Double.doubleToLongBits(random.nextGaussian()));
            Files.write(file, bytes);
            return "another length of the header";
        }
        if (random.nextInt(4) == 0) {
            in.order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(
                            end + 4 * random.nextInt(Math.max(1, (bytes.length - end) / 4)),
                            Float.floatToRawIntBits(List.of(Float.NaN, Float.POSITIVE_INFINITY, 1e30f, -1e38f, 1e-40f)
                                    .get(random.nextInt(5))));
            Files.write(file, bytes);
            return "an odd weight";
        }
        JsonNode tree = JSON.readTree(Arrays.copyOfRange(bytes, Long.BYTES, end));
        Raw raw = new Raw();
        String what = JsonSettings.change(file.getFileName().toString(), (ObjectNode) tree, random, raw);
        byte[] header = raw.fill(tree.toString()).getBytes(StandardCharsets.UTF_8);
        byte[] size = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array();
        Files.write(file, BinaryMutations.joined(size, header, Arrays.copyOfRange(bytes, end, bytes.length)));
        return what;
    }

    /** Header and weights of a GGUF file are binary: a number of the header is changed, or a character of its texts. */
    private static String gguf(Path file, byte[] bytes, Random random) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int end = bytes.length / 2;
        if (end < 2 * Long.BYTES) {
            throw new IOException("no header");
        }
        String what;
        int at = random.nextInt(random.nextBoolean() ? Math.min(end, GGUF_KEYS) : end);
        switch (random.nextInt(4)) {
            case 0 -> {
                in.putLong(at, in.getLong(at) + random.nextInt(9) - 4);
                what = "a number of the header a little off";
            }
            case 1 -> {
                in.putInt(at, random.nextInt());
                what = "a number of the header replaced";
            }
            case 2 -> {
                in.putLong(at, random.nextBoolean() ? -1 : Long.MAX_VALUE >>> random.nextInt(40));
                what = "a large number in the header";
            }
            default -> {
                in.put(at, (byte) (' ' + random.nextInt(95)));
                what = "a character of the header";
            }
        }
        Files.write(file, bytes);
        return what + " at " + at;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path p : all.toList()) {
                Files.copy(p, to.resolve(from.relativize(p).toString()));
            }
        }
    }
}
