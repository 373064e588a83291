package coterie.model.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The safetensors format: eight bytes of header length, a JSON header, the arrays one after the other, little-endian.
 *
 * <p>Read array by array from a mapped file, F32, F16 and BF16 alike as float32; everything the header says is checked against the file before
 * it is used. DJL's own reader aborts the process on BF16 and holds the whole file in memory.
 */
public final class SafeTensors implements AutoCloseable {
    private static final int LARGEST_HEADER = 100 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How numbers are stored. */
    public enum Type {
        F32(4), F16(2), BF16(2);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    /** An array to be written: its shape and its numbers, row-major. */
    public record Tensor(int[] shape, float[] values) {
        public Tensor {
            long n = 1;
            for (int s : shape) {
                n *= s;
            }
            if (n != values.length) {
                throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " holds " + n + " numbers, given " + values.length);
            }
        }
    }

    private record Entry(String type, long[] shape, long begin, long end) {
    }

    private final Path file;
    private final FileChannel channel;
    private final long dataStart;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafeTensors(Path file, FileChannel channel, long dataStart) {
        this.file = file;
        this.channel = channel;
        this.dataStart = dataStart;
    }

    /** Opens a file and checks its header. @throws IOException where it cannot be read or is no safetensors file; the message names the file */
    public static SafeTensors open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            long size = channel.size();
            if (size < 10) {
                throw new IOException(file + " is no safetensors file: only " + size + " bytes");
            }
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            readFully(channel, length, 0);
            long n = length.getLong(0);
            if (n < 2 || n > LARGEST_HEADER || n > size - 8) {
                throw new IOException(file + " is no safetensors file: header of " + n + " bytes in a file of " + size);
            }
            ByteBuffer header = ByteBuffer.allocate((int) n);
            readFully(channel, header, 8);
            SafeTensors result = new SafeTensors(file, channel, 8 + n);
            result.parse(new String(header.array(), StandardCharsets.UTF_8), size - 8 - n);
            return result;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void parse(String header, long dataBytes) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(header);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no safetensors file: its header is no JSON", e);
        }
        for (Map.Entry<String, JsonNode> e : root.properties()) {
            JsonNode v = e.getValue();
            if (e.getKey().equals("__metadata__")) {
                v.properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
                continue;
            }
            JsonNode offsets = v.path("data_offsets");
            long[] shape = new long[v.path("shape").size()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = v.path("shape").get(i).asLong(-1);
            }
            long begin = offsets.path(0).asLong(-1);
            long end = offsets.path(1).asLong(-1);
            if (begin < 0 || end < begin || end > dataBytes || Arrays.stream(shape).anyMatch(s -> s < 0)) {
                throw new IOException(file + ": entry " + e.getKey() + " lies outside the file (bytes " + begin + " to " + end + " of " + dataBytes
                        + "): the file is torn");
            }
            entries.put(e.getKey(), new Entry(v.path("dtype").asText(), shape, begin, end));
        }
    }

    public Set<String> names() {
        return entries.keySet();
    }

    /** What the header's {@code __metadata__} says. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Shape of an array. @throws IOException where there is none of this name */
    public long[] shape(String name) throws IOException {
        return entry(name).shape.clone();
    }

    private Entry entry(String name) throws IOException {
        Entry e = entries.get(name);
        if (e == null) {
            throw new IOException(file + " has no array " + name + "; it has " + entries.keySet().stream().limit(8).toList()
                    + (entries.size() > 8 ? " and " + (entries.size() - 8) + " more" : ""));
        }
        return e;
    }

    /** The numbers of an array as float32, row-major. @throws IOException where there is none of this name, shape, or a readable type */
    public float[] read(String name, int... shape) throws IOException {
        Entry e = entry(name);
        long[] wanted = Arrays.stream(shape).asLongStream().toArray();
        if (!Arrays.equals(wanted, e.shape)) {
            throw new IOException(file + ": array " + name + " has shape " + Arrays.toString(e.shape) + ", wanted " + Arrays.toString(shape));
        }
        Type type;
        try {
            type = Type.valueOf(e.type);
        } catch (IllegalArgumentException x) {
            throw new IOException(file + ": array " + name + " is of type " + e.type + ", readable are " + List.of(Type.values()));
        }
        float[] out = new float[Math.toIntExact(Arrays.stream(e.shape).reduce(1, Math::multiplyExact))];
        if (e.end - e.begin != (long) out.length * type.bytes) {
            throw new IOException(file + ": array " + name + " takes " + (e.end - e.begin) + " bytes, its shape and type say "
                    + (long) out.length * type.bytes);
        }
        ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, dataStart + e.begin, e.end - e.begin).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case F32 -> bytes.asFloatBuffer().get(out);
            case F16 -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = HalfFloat.fromFloat16(bytes.getShort(2 * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = HalfFloat.fromBfloat16(bytes.getShort(2 * i));
                }
            }
        }
        return out;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Writes a file, whole or not at all; arrays stand in the map's order. */
    public static void write(Path file, Map<String, Tensor> tensors, Type type, Map<String, String> metadata) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode m = header.putObject("__metadata__");
            metadata.forEach(m::put);
        }
        long at = 0;
        for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
            ObjectNode n = header.putObject(e.getKey());
            n.put("dtype", type.name());
            ArrayNode shape = n.putArray("shape");
            for (int s : e.getValue().shape) {
                shape.add(s);
            }
            long end = at + (long) e.getValue().values.length * type.bytes;
            n.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        StringBuilder text = new StringBuilder(JSON.writeValueAsString(header));
        while (text.toString().getBytes(StandardCharsets.UTF_8).length % 8 != 0) {
            text.append(' ');
        }
        byte[] head = text.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(file, out -> {
            out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(head.length).array());
            out.write(head);
            for (Tensor t : new ArrayList<>(tensors.values())) {
                out.write(encode(t.values, type));
            }
        });
    }

    private static byte[] encode(float[] values, Type type) {
        ByteBuffer b = ByteBuffer.allocate(Math.multiplyExact(values.length, type.bytes)).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case F32 -> b.asFloatBuffer().put(values);
            case F16 -> {
                for (float v : values) {
                    b.putShort(HalfFloat.toFloat16(v));
                }
            }
            case BF16 -> {
                for (float v : values) {
                    b.putShort(HalfFloat.toBfloat16(v));
                }
            }
        }
        return b.array();
    }

    private static void readFully(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        while (buffer.hasRemaining()) {
            int n = channel.read(buffer, position + buffer.position());
            if (n < 0) {
                throw new IOException("unexpected end of file");
            }
        }
    }
}
