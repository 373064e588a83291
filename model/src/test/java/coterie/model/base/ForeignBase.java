package coterie.model.base;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.base.family.Gpt2Family;
import coterie.model.files.NumberType;
import coterie.model.files.SafeTensors;
import coterie.model.text.BpeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A small base in Hugging Face's layout, to be spoilt by tests. */
record ForeignBase(Path folder) {
    static final DecoderConfig SHAPE = Gpt2Family.shape(2, 16, 2, 257, 32);
    private static final ObjectMapper JSON = new ObjectMapper();

    static ForeignBase write(Path folder) throws IOException {
        MemoryWeights.random(SHAPE, 1).write(folder.resolve("model.safetensors"), NumberType.F32, Map.of());
        Files.writeString(
                folder.resolve("tokenizer.json"), new BpeTrainer().train(257).toTokenizerJson());
        ForeignBase base = new ForeignBase(folder);
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "gpt2", "n_layer": 2, "n_embd": 16, "n_head": 2, "n_positions": 32, "vocab_size": 257}
                """);
        return base;
    }

    /** Sets a key of config.json to a value written as JSON. */
    void config(String key, String value) throws IOException {
        Path file = folder.resolve("config.json");
        ObjectNode c = (ObjectNode) JSON.readTree(Files.readString(file));
        c.set(key, JSON.readTree(value));
        Files.writeString(file, c.toString());
    }

    /** The arrays of model.safetensors, to be changed and written anew. */
    Map<String, SafeTensors.Tensor> arrays() throws IOException {
        Map<String, SafeTensors.Tensor> all = new LinkedHashMap<>();
        try (SafeTensors in = SafeTensors.open(folder.resolve("model.safetensors"))) {
            for (String name : in.names()) {
                int[] shape = java.util.Arrays.stream(in.shape(name))
                        .mapToInt(Math::toIntExact)
                        .toArray();
                all.put(name, new SafeTensors.Tensor(shape, in.floats(name, shape)));
            }
        }
        return all;
    }

    void arrays(String file, Map<String, SafeTensors.Tensor> arrays) throws IOException {
        SafeTensors.write(folder.resolve(file), arrays, NumberType.F32, Map.of());
    }

    /** Its parameters, read into memory. */
    MemoryWeights held() {
        return MemoryWeights.of(load().weights());
    }

    /** Opens it and checks its numbers. */
    PretrainedBase load() {
        PretrainedBase p = PretrainedBase.load(folder.toString());
        p.tokenizer().close();
        p.weights().check();
        return p;
    }
}
