package coterie.model.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.AtomicFiles;
import coterie.model.files.SafeTensors;
import coterie.model.gpt2.Gpt2Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Adapters as Hugging Face's PEFT keeps them: {@code adapter_config.json} and {@code adapter_model.safetensors}, with its names and its orientation
 * (lora_A [r, in], lora_B [out, r]), so that {@code PeftModel.from_pretrained} takes the folder as it is.
 */
public final class PeftFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";

    private PeftFiles() {
    }

    /** An adapter that was read: its LoRA and its row, laid out by {@link AdapterLayout}. */
    public record Adapter(LoraConfig lora, float[] row) {
    }

    /** Writes an adapter into a folder, each file whole or not at all. @param base name of the base it belongs to */
    public static void write(Path folder, AdapterLayout layout, float[] row, String base) throws IOException {
        Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
        for (AdapterLayout.Part p : layout.parts()) {
            tensors.put(name(p, "lora_A"), tensor(row, p.offsetA(), p.rank(), p.in()));
            tensors.put(name(p, "lora_B"), tensor(row, p.offsetB(), p.out(), p.rank()));
        }
        SafeTensors.write(folder.resolve(WEIGHTS), tensors, SafeTensors.Type.F32, Map.of("format", "pt"));
        LoraConfig lora = layout.lora();
        ObjectNode c = JSON.createObjectNode();
        c.put("peft_type", "LORA").put("task_type", "CAUSAL_LM").put("base_model_name_or_path", base);
        c.put("r", lora.rank()).put("lora_alpha", lora.alpha()).put("lora_dropout", lora.dropout());
        c.put("bias", "none").put("fan_in_fan_out", true).put("inference_mode", true).put("init_lora_weights", true);
        ArrayNode modules = c.putArray("target_modules");
        for (Place p : Place.values()) {
            if (lora.targets().contains(p.target())) {
                modules.add(p.module());
            }
        }
        AtomicFiles.write(folder.resolve(CONFIG), c.toPrettyString() + "\n");
    }

    /**
     * Reads an adapter for a base of this shape.
     *
     * @throws IOException where the folder holds none, or one whose places cannot be had here; the message says which
     */
    public static Adapter read(Path folder, Gpt2Config config) throws IOException {
        Path file = folder.resolve(CONFIG);
        JsonNode c = JSON.readTree(file.toFile());
        if (!c.path("peft_type").asText().equals("LORA") || !c.path("r").isInt()) {
            throw new IOException(file + ": no LoRA adapter: peft_type " + c.path("peft_type") + ", r " + c.path("r"));
        }
        Set<Target> targets = EnumSet.noneOf(Target.class);
        Set<Place> found = EnumSet.noneOf(Place.class);
        try (SafeTensors in = SafeTensors.open(folder.resolve(WEIGHTS))) {
            for (Place p : Place.values()) {
                if (in.names().stream().anyMatch(n -> n.contains("." + p.module() + ".lora_A"))) {
                    targets.add(p.target());
                    found.add(p);
                }
            }
            for (Place p : Place.values()) {
                if (targets.contains(p.target()) && !found.contains(p)) {
                    throw new IOException(folder + ": adapts only a part of " + p.target().name().toLowerCase(java.util.Locale.ROOT) + ": " + p.module()
                            + " is missing");
                }
            }
            if (targets.isEmpty()) {
                throw new IOException(folder + ": adapts none of GPT-2's c_attn, c_proj, c_fc");
            }
            LoraConfig lora = new LoraConfig(c.path("r").asInt(), c.path("lora_alpha").asDouble(c.path("r").asInt()), c.path("lora_dropout").asDouble(0),
                    targets);
            AdapterLayout layout = new AdapterLayout(config, lora);
            float[] row = new float[layout.size()];
            for (AdapterLayout.Part p : layout.parts()) {
                System.arraycopy(in.read(name(p, "lora_A"), p.rank(), p.in()), 0, row, p.offsetA(), p.sizeA());
                System.arraycopy(in.read(name(p, "lora_B"), p.out(), p.rank()), 0, row, p.offsetB(), p.sizeB());
            }
            return new Adapter(lora, row);
        }
    }

    private static String name(AdapterLayout.Part p, String matrix) {
        return "base_model.model.transformer.h." + p.layer() + "." + p.place().module() + "." + matrix + ".weight";
    }

    private static SafeTensors.Tensor tensor(float[] row, int offset, int rows, int columns) {
        return new SafeTensors.Tensor(new int[] {rows, columns}, java.util.Arrays.copyOfRange(row, offset, offset + rows * columns));
    }
}
