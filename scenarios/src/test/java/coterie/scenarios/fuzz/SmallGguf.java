package coterie.scenarios.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A GGUF file that is right: a Llama of one block with random weights, and a byte-level tokenizer. */
final class SmallGguf {
    private static final int MAGIC = 0x46554747;
    private static final int ALIGNMENT = 32;
    private static final int F32 = 0;
    private static final int WIDTH = 16;
    private static final int INNER = 24;
    private static final int KEYS = 8;
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private SmallGguf() {}

    /** @param tokenizer a {@code tokenizer.json} of byte-level BPE */
    static byte[] of(String tokenizer) throws IOException {
        JsonNode model = new ObjectMapper().readTree(tokenizer).get("model");
        String[] tokens = new String[model.get("vocab").size()];
        model.get("vocab").properties().forEach(e -> tokens[e.getValue().asInt()] = e.getKey());
        List<Integer> types = new ArrayList<>();
        for (String token : tokens) {
            types.add(token.equals("<|endoftext|>") ? CONTROL : NORMAL);
        }
        List<String> merges = new ArrayList<>();
        model.get("merges").forEach(m -> merges.add(m.asText()));
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("general.architecture", "llama");
        keys.put("llama.block_count", 1);
        keys.put("llama.context_length", 64);
        keys.put("llama.embedding_length", WIDTH);
        keys.put("llama.feed_forward_length", INNER);
        keys.put("llama.attention.head_count", WIDTH / KEYS);
        keys.put("llama.attention.head_count_kv", 1);
        keys.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        keys.put("llama.rope.freq_base", 10000f);
        keys.put("tokenizer.ggml.model", "gpt2");
        keys.put("tokenizer.ggml.pre", "gpt-2");
        keys.put("tokenizer.ggml.tokens", Arrays.asList(tokens));
        keys.put("tokenizer.ggml.token_type", types);
        keys.put("tokenizer.ggml.merges", merges);
        keys.put("tokenizer.ggml.add_bos_token", false);
        Map<String, int[]> arrays = new LinkedHashMap<>();
        arrays.put("token_embd.weight", new int[] {tokens.length, WIDTH});
        arrays.put("output_norm.weight", new int[] {WIDTH});
        arrays.put("blk.0.attn_norm.weight", new int[] {WIDTH});
        arrays.put("blk.0.attn_q.weight", new int[] {WIDTH, WIDTH});
        arrays.put("blk.0.attn_k.weight", new int[] {KEYS, WIDTH});
        arrays.put("blk.0.attn_v.weight", new int[] {KEYS, WIDTH});
        arrays.put("blk.0.attn_output.weight", new int[] {WIDTH, WIDTH});
        arrays.put("blk.0.ffn_norm.weight", new int[] {WIDTH});
        arrays.put("blk.0.ffn_gate.weight", new int[] {INNER, WIDTH});
        arrays.put("blk.0.ffn_up.weight", new int[] {INNER, WIDTH});
        arrays.put("blk.0.ffn_down.weight", new int[] {WIDTH, INNER});
        return written(keys, arrays);
    }

    private static byte[] written(Map<String, Object> keys, Map<String, int[]> arrays) {
        SmallGguf file = new SmallGguf();
        file.u32(MAGIC).u32(3).u64(arrays.size()).u64(keys.size());
        keys.forEach((key, value) -> file.text(key).value(value));
        long at = 0;
        for (Map.Entry<String, int[]> e : arrays.entrySet()) {
            int[] shape = e.getValue();
            file.text(e.getKey()).u32(shape.length);
            for (int d = shape.length - 1; d >= 0; d--) {
                file.u64(shape[d]);
            }
            file.u32(F32).u64(at);
            at += (4L * size(shape) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        Random random = new Random(1);
        for (int[] shape : arrays.values()) {
            file.raw(new byte[(ALIGNMENT - file.out.size() % ALIGNMENT) % ALIGNMENT]);
            for (int i = 0; i < size(shape); i++) {
                file.u32(Float.floatToRawIntBits(shape.length == 1 ? 1 : (float) (0.1 * random.nextGaussian())));
            }
        }
        return file.out.toByteArray();
    }

    private SmallGguf raw(byte[] b) {
        out.writeBytes(b);
        return this;
    }

    private SmallGguf u32(int v) {
        return raw(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(v).array());
    }

    private SmallGguf u64(long v) {
        return raw(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(v).array());
    }

    private SmallGguf text(String s) {
        byte[] b = s.getBytes(StandardCharsets.UTF_8);
        return u64(b.length).raw(b);
    }

    /** The number of a value's type, and the value. */
    private SmallGguf value(Object value) {
        if (value instanceof List<?> list) {
            boolean texts = list.get(0) instanceof String;
            u32(9).u32(texts ? 8 : 4).u64(list.size());
            list.forEach(v -> {
                if (v instanceof String s) {
                    text(s);
                } else {
                    u32((Integer) v);
                }
            });
            return this;
        }
        return value instanceof Integer n
                ? u32(4).u32(n)
                : value instanceof Float x
                        ? u32(6).u32(Float.floatToRawIntBits(x))
                        : value instanceof Boolean b
                                ? u32(7).raw(new byte[] {(byte) (b ? 1 : 0)})
                                : u32(8).text((String) value);
    }

    private static int size(int[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
}
