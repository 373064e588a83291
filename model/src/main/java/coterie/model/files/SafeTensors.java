package coterie.model.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.topology.files.PlainText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The safetensors format: eight bytes of header length, a JSON header, the arrays one after the other, little-endian.
 *
 * <p>Read array by array from a mapped file, F64, F32, F16 and BF16 alike as float32. Before anything is used the
 * header is checked as the reference library does: known types, no holes, no overlaps, no name twice. DJL's own reader
 * aborts the process on BF16 and holds the whole file in memory.
 */
public final class SafeTensors implements AutoCloseable {
    private static final int LARGEST_HEADER = 100_000_000;
    /** Numbers decoded at a time: a region of a file can be mapped up to 2 GB. */
    private static final int CHUNK = 1 << 24;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How numbers are stored. */
    public enum Type {
        F32(4),
        F16(2),
        BF16(2),
        F64(8);

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
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(shape) + " holds " + n + " numbers, given " + values.length);
            }
        }
    }

    /** Where the bytes come from: a file, of which regions are mapped, or memory. */
    private interface Source extends AutoCloseable {
        ByteBuffer bytes(long from, int count) throws IOException;

        @Override
        default void close() throws IOException {}
    }

    private record Mapped(FileChannel channel) implements Source {
        @Override
        public ByteBuffer bytes(long from, int count) throws IOException {
            return channel.map(FileChannel.MapMode.READ_ONLY, from, count);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private final String file;
    private final Source source;
    private final long dataStart;
    private final SafeTensorsHeader header;

    private SafeTensors(String file, Source source, long size) throws IOException {
        this.file = file;
        this.source = source;
        if (size < 10) {
            throw new IOException(file + " is not a safetensors file: it has " + size + " bytes");
        }
        byte[] start = new byte[(int) Math.min(size, 64)];
        source.bytes(0, start.length).get(start);
        ForeignText.refusePointer(start, file);
        long n = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        if (n < 2 || n > LARGEST_HEADER || n > size - 8) {
            throw new IOException(file + " is not a safetensors file: a header of " + Long.toUnsignedString(n)
                    + " bytes in a file of " + size);
        }
        byte[] text = new byte[(int) n];
        source.bytes(8, text.length).get(text);
        if (text[0] != '{') {
            throw new IOException(file + " is not a safetensors file: its header does not begin with {");
        }
        dataStart = 8 + n;
        header = SafeTensorsHeader.parse(ForeignText.decode(text, file + ": the header"), size - dataStart, file);
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws IOException where it cannot be read or is no safetensors file; the message names the file
     */
    public static SafeTensors open(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is not a file");
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new IOException(file + ": " + PlainText.why(e), e);
        }
        try {
            return new SafeTensors(file.toString(), new Mapped(channel), channel.size());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * A file's content that is in memory already.
     *
     * @param origin what messages call it
     */
    public static SafeTensors of(byte[] content, String origin) throws IOException {
        return new SafeTensors(
                origin,
                (from, count) -> ByteBuffer.wrap(content, (int) from, count).slice(),
                content.length);
    }

    /** What messages call the file. */
    public String origin() {
        return file;
    }

    public Set<String> names() {
        return header.entries().keySet();
    }

    /** What the header's {@code __metadata__} says. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /**
     * Shape of an array.
     *
     * @throws IOException where there is none of this name
     */
    public long[] shape(String name) throws IOException {
        return entry(name).shape().clone();
    }

    private SafeTensorsHeader.Entry entry(String name) throws IOException {
        SafeTensorsHeader.Entry e = header.entries().get(name);
        if (e == null) {
            throw new IOException(file + " has no array " + name + "; it has "
                    + names().stream().limit(3).toList()
                    + (names().size() > 3 ? " and " + (names().size() - 3) + " more" : ""));
        }
        return e;
    }

    /**
     * Checks that an array is there, has this shape and a readable type, without reading it.
     *
     * @throws IOException which of these does not hold
     */
    public void check(String name, int... shape) throws IOException {
        SafeTensorsHeader.Entry e = entry(name);
        if (!Arrays.equals(Arrays.stream(shape).asLongStream().toArray(), e.shape())) {
            throw new IOException(file + ": array " + name + " has shape " + Arrays.toString(e.shape()) + ", wanted "
                    + Arrays.toString(shape));
        }
        if (Arrays.stream(Type.values()).noneMatch(t -> t.name().equals(e.type()))) {
            throw new IOException(
                    file + ": array " + name + " is of type " + e.type() + ", readable are " + List.of(Type.values()));
        }
        if (Arrays.stream(e.shape()).reduce(1, Math::multiplyExact) > Integer.MAX_VALUE - 8) {
            throw new IOException(file + ": array " + name + " has " + Arrays.toString(e.shape())
                    + " numbers, at most 2^31 - 9 can be held");
        }
    }

    /**
     * The numbers of an array as float32, row-major.
     *
     * @throws IOException where there is none of this name, shape, or a readable type, or a number in it is NaN or
     *     infinite; the message has the index
     */
    public float[] read(String name, int... shape) throws IOException {
        check(name, shape);
        SafeTensorsHeader.Entry e = entry(name);
        Type type = Type.valueOf(e.type());
        float[] out = new float[(int) ((e.end() - e.begin()) / type.bytes)];
        for (int done = 0; done < out.length; done += CHUNK) {
            int n = Math.min(CHUNK, out.length - done);
            ByteBuffer bytes = source.bytes(dataStart + e.begin() + (long) done * type.bytes, n * type.bytes)
                    .order(ByteOrder.LITTLE_ENDIAN);
            decode(bytes, type, out, done, n);
        }
        for (int i = 0; i < out.length; i++) {
            if (!Float.isFinite(out[i])) {
                throw new IOException(file + ": array " + name + " is " + out[i]
                        + (type == Type.F64 ? " as float32" : "") + " at index "
                        + Arrays.toString(index(i, shape))
                        + "; all numbers must be finite");
            }
        }
        return out;
    }

    private static void decode(ByteBuffer bytes, Type type, float[] out, int at, int n) {
        switch (type) {
            case F32 -> bytes.asFloatBuffer().get(out, at, n);
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    out[at + i] = HalfFloat.fromFloat16(bytes.getShort(2 * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    out[at + i] = HalfFloat.fromBfloat16(bytes.getShort(2 * i));
                }
            }
            case F64 -> {
                for (int i = 0; i < n; i++) {
                    out[at + i] = (float) bytes.getDouble(8 * i);
                }
            }
        }
    }

    private static int[] index(int flat, int[] shape) {
        int[] index = new int[shape.length];
        for (int k = shape.length - 1; k >= 0; k--) {
            index[k] = flat % shape[k];
            flat /= shape[k];
        }
        return index;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Writes a file, whole or not at all; arrays stand in the map's order. */
    public static void write(Path file, Map<String, Tensor> tensors, Type type, Map<String, String> metadata)
            throws IOException {
        AtomicFiles.Group one = new AtomicFiles.Group();
        write(file, tensors, type, metadata, one);
        one.force();
    }

    /**
     * As above, one of many.
     *
     * @param files that are made to last together
     */
    public static void write(
            Path file, Map<String, Tensor> tensors, Type type, Map<String, String> metadata, AtomicFiles.Group files)
            throws IOException {
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
        files.write(file, out -> {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(head.length)
                    .array());
            out.write(head);
            for (Tensor t : new ArrayList<>(tensors.values())) {
                out.write(encode(t.values, type));
            }
        });
    }

    private static byte[] encode(float[] values, Type type) {
        ByteBuffer b = ByteBuffer.allocate(Math.multiplyExact(values.length, type.bytes))
                .order(ByteOrder.LITTLE_ENDIAN);
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
            case F64 -> {
                for (float v : values) {
                    b.putDouble(v);
                }
            }
        }
        return b.array();
    }
}
