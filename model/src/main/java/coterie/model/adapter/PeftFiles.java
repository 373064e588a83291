package coterie.model.adapter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.base.BaseFamily;
import coterie.model.base.DecoderConfig;
import coterie.model.base.ModuleNames;
import coterie.model.base.Projection;
import coterie.model.files.AtomicFiles;
import coterie.model.files.ForeignText;
import coterie.model.files.NumberType;
import coterie.model.files.SafeTensors;
import coterie.model.text.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Adapters as Hugging Face's PEFT keeps them: {@code adapter_config.json} and {@code adapter_model.safetensors}, with
 * its names and its orientation (lora_A [r, in], lora_B [out, r]), so that {@code PeftModel.from_pretrained} reads the
 * folder.
 */
public final class PeftFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Name of the file with an adapter's configuration. */
    public static final String CONFIG = "adapter_config.json";

    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PICKLED = "adapter_model.bin";

    private PeftFiles() {}

    /** An adapter from files: its LoRA and its row, laid out by {@link AdapterLayout}. */
    public record Adapter(LoraConfig lora, float[] row) {}

    /**
     * Writes an adapter into a folder, each file whole or not at all.
     *
     * @param base name of the base it belongs to
     */
    public static void write(Path folder, AdapterLayout layout, float[] row, String base) throws IOException {
        AtomicFiles.Group files = new AtomicFiles.Group();
        write(folder, layout, row, base, files);
        files.force();
    }

    /**
     * Writes an adapter as one of a group.
     *
     * @param files the group, which is forced to disk together
     */
    public static void write(Path folder, AdapterLayout layout, float[] row, String base, AtomicFiles.Group files)
            throws IOException {
        Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
        BaseFamily family = layout.config().family();
        ModuleNames names = family.names();
        for (AdapterLayout.Part p : layout.parts()) {
            tensors.put(name(p, "lora_A", names), tensor(row, p.offsetA(), p.rank(), p.in()));
            tensors.put(name(p, "lora_B", names), tensor(row, p.offsetB(), p.out(), p.rank()));
        }
        SafeTensors.write(folder.resolve(WEIGHTS), tensors, NumberType.F32, Map.of("format", "pt"), files);
        LoraConfig lora = layout.lora();
        ObjectNode c = JSON.createObjectNode();
        c.put("peft_type", "LORA").put("task_type", "CAUSAL_LM").put("base_model_name_or_path", base);
        c.put("r", lora.rank()).put("lora_alpha", lora.alpha()).put("lora_dropout", lora.dropout());
        c.put("bias", "none")
                .put("fan_in_fan_out", names.transposed())
                .put("inference_mode", true)
                .put("init_lora_weights", true);
        ArrayNode modules = c.putArray("target_modules");
        for (Projection p : lora.projections(family)) {
            modules.add(p.name());
        }
        byte[] config = (c.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        files.write(folder.resolve(CONFIG), out -> out.write(config));
    }

    /**
     * Reads an adapter for a base of this shape. If PEFT scales a layer by another factor than α/r, its B is multiplied
     * by the ratio ({@link PeftConfig}), so that the row is that of a plain LoRA with the same function.
     *
     * @throws DataException if the folder holds no adapter, or one that cannot be honoured; the message names file and
     *     key or array
     */
    public static Adapter read(Path folder, DecoderConfig base) {
        return read(folder, base, (in, config, layout) -> new Adapter(config.lora(), row(in, config, layout)));
    }

    /**
     * The LoRA of an adapter; of its arrays only the shapes are read.
     *
     * @throws DataException if there is no adapter for this shape of base
     */
    public static LoraConfig lora(Path folder, DecoderConfig base) {
        return read(folder, base, (in, config, layout) -> {
            check(in, layout);
            return config.lora();
        });
    }

    private interface Reading<T> {
        T of(SafeTensors in, PeftConfig config, AdapterLayout layout) throws IOException;
    }

    private static <T> T read(Path folder, DecoderConfig base, Reading<T> reading) {
        Path file = folder.resolve(CONFIG);
        try {
            PeftConfig config = PeftConfig.read(ForeignText.json(file), file.toString(), base);
            Path weights = folder.resolve(WEIGHTS);
            if (!Files.exists(weights) && Files.exists(folder.resolve(PICKLED))) {
                throw new IOException(folder.resolve(PICKLED)
                        + ": pickled weights are not read, since they can run code; save the adapter as " + WEIGHTS);
            }
            try (SafeTensors in = SafeTensors.open(weights)) {
                return reading.of(in, config, new AdapterLayout(base, config.lora()));
            }
        } catch (IOException e) {
            throw new DataException(ForeignText.line(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new DataException(file + ": " + e.getMessage(), e);
        }
    }

    private static void check(SafeTensors in, AdapterLayout layout) throws IOException {
        // Before the row is allocated: a rank that only the configuration has may need more memory than there is.
        Set<String> known = new HashSet<>();
        ModuleNames names = layout.config().family().names();
        for (AdapterLayout.Part p : layout.parts()) {
            in.check(name(p, "lora_A", names), p.rank(), p.in());
            in.check(name(p, "lora_B", names), p.out(), p.rank());
            known.add(name(p, "lora_A", names));
            known.add(name(p, "lora_B", names));
        }
        for (String name : in.names()) {
            if (!known.contains(name)) {
                throw new IOException(in.origin() + ": array " + name + " is not A or B of a layer that " + CONFIG
                        + " says is adapted and would be left unread");
            }
        }
    }

    private static float[] row(SafeTensors in, PeftConfig config, AdapterLayout layout) throws IOException {
        check(in, layout);
        BaseFamily family = layout.config().family();
        ModuleNames names = family.names();
        float[] row = new float[layout.size()];
        for (AdapterLayout.Part p : layout.parts()) {
            System.arraycopy(in.floats(name(p, "lora_A", names), p.rank(), p.in()), 0, row, p.offsetA(), p.sizeA());
            System.arraycopy(in.floats(name(p, "lora_B", names), p.out(), p.rank()), 0, row, p.offsetB(), p.sizeB());
            double fold = config.fold(p, family);
            for (int i = p.offsetB(); fold != 1 && i < p.offsetB() + p.sizeB(); i++) {
                row[i] = (float) (row[i] * fold);
                if (!Float.isFinite(row[i])) {
                    throw new IOException(in.origin() + ": array " + name(p, "lora_B", names)
                            + " is too large to be scaled by " + fold);
                }
            }
        }
        return row;
    }

    private static String name(AdapterLayout.Part p, String matrix, ModuleNames names) {
        return "base_model.model." + names.module(p.layer(), p.projection()) + "." + matrix + ".weight";
    }

    private static SafeTensors.Tensor tensor(float[] row, int offset, int rows, int columns) {
        return new SafeTensors.Tensor(
                new int[] {rows, columns}, java.util.Arrays.copyOfRange(row, offset, offset + rows * columns));
    }
}
