package coterie.scenarios.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import coterie.model.adapter.AdapterLayout;
import coterie.model.adapter.LoraConfig;
import coterie.model.adapter.PeftFiles;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.MemoryWeights;
import coterie.model.base.family.Gpt2Family;
import coterie.model.files.NumberType;
import coterie.model.files.SafeTensors;
import coterie.model.text.BpeTrainer;
import coterie.model.text.BpeVocabulary;
import coterie.model.text.BuiltinText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Small files that are right, from which mutated ones are made: bases of some families and their tokenizer, an adapter,
 * texts, graphs, traces, and the shipped scenarios.
 */
final class Corpus {
    private static final int VOCABULARY = 320;
    private static final int CONTEXT = 64;
    private static final DecoderConfig SHAPE = Gpt2Family.shape(2, 16, 2, VOCABULARY, CONTEXT);
    /** Families besides GPT-2, by their {@code model_type}: the fewest and the most keys. */
    static final List<String> FAMILIES = List.of("llama", "gemma3_text");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private final Path folder;
    private final List<ObjectNode> scenarios = new ArrayList<>();
    private final List<ObjectNode> studies = new ArrayList<>();

    /**
     * Writes the files.
     *
     * @param folder for them
     * @param shipped the folder with the scenarios that come with the program
     */
    Corpus(Path folder, Path shipped) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        base(shipped.resolveSibling("model").resolve("src/test/resources/families"));
        texts();
        graphs();
        traces();
        try (Stream<Path> all = Files.walk(shipped)) {
            for (Path p : all.filter(f -> f.toString().endsWith(".yaml")
                            && !f.toString().contains("/target/")
                            && !f.toString().contains("/src/"))
                    .sorted()
                    .toList()) {
                ObjectNode tree = (ObjectNode) YAML.readTree(p.toFile());
                if (tree.has("grid") || tree.has("variants")) {
                    studies.add(tree);
                } else if (!p.toString().contains("pretrain")) {
                    scenarios.add(small(tree));
                }
            }
        }
    }

    Path folder() {
        return folder;
    }

    /** The shipped scenarios, on the small base and with little text. */
    List<ObjectNode> scenarios() {
        return scenarios;
    }

    /** The shipped studies. */
    List<ObjectNode> studies() {
        return studies;
    }

    private ObjectNode small(ObjectNode tree) {
        ObjectNode small = tree.deepCopy();
        ObjectNode model = small.withObjectProperty("model");
        model.put("base", folder.resolve("base").toString());
        ObjectNode data = small.withObjectProperty("data");
        data.remove("path");
        data.put("source", "builtin:languages")
                .put("train_tokens", 120)
                .put("validation_tokens", 60)
                .put("test_tokens", 60)
                .put("shared_tokens", 80);
        small.withObjectProperty("training").put("batch_size", 2).put("context", 16);
        ObjectNode trust = small.withObjectProperty("collaboration").withObjectProperty("trust");
        trust.put("shared_windows", 2).put("top_k_logits", 5);
        small.withObjectProperty("record").put("samples", 1);
        small.put("users", Math.min(4, small.path("users").asInt(4)));
        return small;
    }

    /** Text of a built-in corpus, in documents. */
    private static List<String> documents(String category, int n) {
        Iterator<String> all =
                new BuiltinText(category.equals("java") ? "code-and-prose" : "languages").documents(category, 1);
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            documents.add(all.next());
        }
        return documents;
    }

    /** @param families with the configurations that transformers wrote for the tests of the families */
    private void base(Path families) throws IOException {
        BpeTrainer trainer = new BpeTrainer();
        documents("english", 40).forEach(trainer::add);
        documents("french", 40).forEach(trainer::add);
        BpeVocabulary vocabulary = trainer.train(VOCABULARY);
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("GPT2LMHeadModel");
        config.put("model_type", "gpt2")
                .put("activation_function", "gelu_new")
                .put("n_layer", SHAPE.blocks())
                .put("n_embd", SHAPE.width());
        config.put("n_head", SHAPE.attention().heads())
                .put("n_positions", CONTEXT)
                .put("n_ctx", CONTEXT)
                .put("vocab_size", VOCABULARY)
                .put("layer_norm_epsilon", 1e-5);
        config.put("tie_word_embeddings", true)
                .put("scale_attn_weights", true)
                .put("scale_attn_by_inverse_layer_idx", false);
        config.put("reorder_and_upcast_attn", false)
                .put("bos_token_id", vocabulary.size() - 1)
                .put("eos_token_id", vocabulary.size() - 1);
        config.put("attn_pdrop", 0.1)
                .put("torch_dtype", "float32")
                .put("transformers_version", "4.40.0")
                .putNull("n_inner");
        MemoryWeights weights = MemoryWeights.random(SHAPE, 1);
        String tokenizer = vocabulary.toTokenizerJson();
        for (String name : List.of("base", "base-bpe", "base-sharded")) {
            Path base = Files.createDirectories(folder.resolve(name));
            Files.writeString(base.resolve("config.json"), config.toPrettyString());
            if (name.equals("base-bpe")) {
                JsonNode model = JSON.readTree(tokenizer).get("model");
                Files.writeString(base.resolve("vocab.json"), model.get("vocab").toString());
                StringBuilder merges = new StringBuilder("#version: 0.2\n");
                model.get("merges").forEach(m -> merges.append(m.asText()).append('\n'));
                Files.writeString(base.resolve("merges.txt"), merges);
            } else {
                Files.writeString(base.resolve("tokenizer.json"), tokenizer);
            }
            if (name.equals("base-sharded")) {
                shards(base);
            } else {
                weights.write(base.resolve("model.safetensors"), NumberType.F32, Map.of());
            }
        }
        Path both = Files.createDirectories(folder.resolve("adapted"));
        AdapterLayout layout = new AdapterLayout(SHAPE, LoraConfig.of(2, 4));
        PeftFiles.write(both, layout, layout.start(AdapterLayout.Start.SHARED, 1, 0), "base");
        families(families, tokenizer);
        Files.write(Files.createDirectories(folder.resolve("gguf")).resolve("base.gguf"), SmallGguf.of(tokenizer));
    }

    private void families(Path configurations, String tokenizer) throws IOException {
        for (String family : FAMILIES) {
            Path base = Files.createDirectories(folder.resolve(family));
            ObjectNode config = (ObjectNode) JSON.readTree(
                    configurations.resolve(family).resolve("base/config.json").toFile());
            config.put("vocab_size", VOCABULARY);
            Files.writeString(base.resolve("config.json"), config.toPrettyString());
            Files.writeString(base.resolve("tokenizer.json"), tokenizer);
            DecoderConfig shape = BaseFamily.of(config, family).read(config, family);
            MemoryWeights.random(shape, 1).write(base.resolve("model.safetensors"), NumberType.F32, Map.of());
        }
    }

    /** The base once more, its arrays dealt to two files and an index. */
    private void shards(Path base) throws IOException {
        ObjectNode index = JSON.createObjectNode();
        index.putObject("metadata").put("total_size", 4 * SHAPE.parameters());
        ObjectNode map = index.putObject("weight_map");
        List<Map<String, SafeTensors.Tensor>> shards = List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
        try (SafeTensors whole = SafeTensors.open(folder.resolve("base").resolve("model.safetensors"))) {
            int k = 0;
            for (String name : whole.names()) {
                int[] shape = Arrays.stream(whole.shape(name))
                        .mapToInt(Math::toIntExact)
                        .toArray();
                shards.get(k % 2).put(name, new SafeTensors.Tensor(shape, whole.floats(name, shape)));
                map.put(name, shard(k % 2));
                k++;
            }
        }
        for (int k = 0; k < shards.size(); k++) {
            SafeTensors.write(base.resolve(shard(k)), shards.get(k), NumberType.F32, Map.of("format", "pt"));
        }
        Files.writeString(base.resolve("model.safetensors.index.json"), index.toPrettyString());
    }

    private static String shard(int k) {
        return "model-0000" + (k + 1) + "-of-00002.safetensors";
    }

    private void texts() throws IOException {
        Path text = Files.createDirectories(folder.resolve("text"));
        Files.writeString(
                text.resolve("english.lines.txt"),
                documents("english", 60).stream().map(d -> d.replace('\n', ' ')).collect(Collectors.joining("\n")));
        Files.writeString(text.resolve("french.docs.txt"), String.join("\n<|endoftext|>\n", documents("french", 60)));
        Path java = Files.createDirectories(text.resolve("java"));
        List<String> programs = documents("java", 24);
        for (int k = 0; k < programs.size(); k++) {
            Files.writeString(java.resolve("program-" + k + ".txt"), programs.get(k));
        }
        Files.writeString(text.resolve("README.md"), "Texts.\n");
        Path ag = Files.createDirectories(folder.resolve("ag"));
        for (String name : List.of("train.csv", "test.csv")) {
            Files.writeString(
                    ag.resolve(name),
                    IntStream.range(0, 120)
                            .mapToObj(k -> {
                                String description =
                                        documents("english", 3).get(k % 3) + " It is the " + k + "th of " + name + ".";
                                return "\"%d\",\"Title %d\",\"%s\""
                                        .formatted(
                                                1 + k % 4,
                                                k,
                                                description
                                                        .replace("\"", "\"\"")
                                                        .replace('\n', ' '));
                            })
                            .collect(Collectors.joining("\n")));
        }
    }

    private void graphs() throws IOException {
        Path graphs = Files.createDirectories(folder.resolve("graph"));
        Files.writeString(graphs.resolve("edges.txt"), "# a ring\n0 1\n1 2\n2 3\n3 0\n");
        Files.writeString(graphs.resolve("neighbours.txt"), "0: 1 2\n1: 2\n2: 3\n3: 0\n");
        Files.writeString(graphs.resolve("ring.graphml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <graphml xmlns="http://graphml.graphdrawing.org/xmlns"
                    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                    xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns
                        http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
                  <key id="d0" for="node" attr.name="label" attr.type="string"><default>x</default></key>
                  <key id="d1" for="edge" attr.name="weight" attr.type="double"/>
                  <graph id="G" edgedefault="undirected">
                    <node id="n0"><data key="d0">a</data></node>
                    <node id="n1"/>
                    <node id="n2"/>
                    <node id="n3"/>
                    <edge id="e0" source="n0" target="n1"><data key="d1">1.0</data></edge>
                    <edge source="n1" target="n2"/>
                    <edge source="n2" target="n3"/>
                    <edge source="n3" target="n0"/>
                  </graph>
                </graphml>
                """);
    }

    private void traces() throws IOException {
        Path traces = Files.createDirectories(folder.resolve("trace"));
        Files.writeString(traces.resolve("lines.csv"), "trace,time_s,mbps\na,0,5\na,10,0\na,20,8.5\nb,0,1\nb,30,20\n");
        Files.writeString(traces.resolve("presence.csv"), "device,states\n0,1101\n1,0111\n2,1?11\n");
        Files.writeString(
                traces.resolve("layers.csv"),
                "phone,layer,seconds\np,conv,0.5\np,conv,0.6\np,fc,0.25\nq,conv,1.5\nq,fc,1\n");
        Files.writeString(traces.resolve("latency.csv"), "0,20,30\n20,0,40\n30,40,0\n");
        Path rows = Files.createDirectories(folder.resolve("rows"));
        Files.writeString(
                rows.resolve("rows.csv"),
                IntStream.range(0, 60)
                        .mapToObj(k -> (k % 2 == 0 ? "even" : "odd") + "," + k + "," + k * 0.25 + "," + k % 2 + "\n")
                        .collect(Collectors.joining("", "label,x,y,z\n", "")));
    }
}
