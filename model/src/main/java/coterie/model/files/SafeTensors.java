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
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The safetensors format: eight bytes of header length, a JSON header, the arrays one after the other, little-endian.
 *
 * <p>F64, F32, F16 and BF16 are read in pieces. The header is checked first, as the reference library does: known
 * types, no holes, no overlaps, no duplicate names. DJL's own reader aborts the process on BF16 and holds the whole
 * file in memory.
 */
public final class SafeTensors implements NamedArrays {
    private static final int LARGEST_HEADER = 100_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

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

    /** The source of the bytes: a file or memory. */
    private interface Source extends AutoCloseable {
        /** Fills a buffer with the bytes from a position on. */
        void read(long from, ByteBuffer to) throws IOException;

        @Override
        default void close() throws IOException {}
    }

    /**
     * Bytes are read, not mapped: pages of a mapping would stay in the process's memory beside the arrays made from
     * them until Java collects it.
     */
    private record FileSource(FileChannel channel) implements Source {
        @Override
        public void read(long from, ByteBuffer to) throws IOException {
            while (to.hasRemaining()) {
                if (channel.read(to, from + to.position()) < 0) {
                    throw new IOException("the file has become shorter while it was read");
                }
            }
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
    private ByteBuffer buffer;

    private SafeTensors(String file, Source source, long size) throws IOException {
        this.file = file;
        this.source = source;
        if (size < 10) {
            throw new IOException(file + " is not a safetensors file: it has " + size + " bytes");
        }
        byte[] start = new byte[(int) Math.min(size, 64)];
        source.read(0, ByteBuffer.wrap(start));
        ForeignText.refusePointer(start, file);
        long n = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        if (n < 2 || n > LARGEST_HEADER || n > size - 8) {
            throw new IOException(file + " is not a safetensors file: a header of " + Long.toUnsignedString(n)
                    + " bytes in a file of " + size);
        }
        byte[] text = new byte[(int) n];
        source.read(8, ByteBuffer.wrap(text));
        if (text[0] != '{') {
            throw new IOException(file + " is not a safetensors file: its header does not begin with {");
        }
        dataStart = 8 + n;
        header = SafeTensorsHeader.parse(ForeignText.decode(text, file + ": the header"), size - dataStart, file);
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws IOException if it cannot be read or is not a safetensors file; the message names the file
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
            return new SafeTensors(file.toString(), new FileSource(channel), channel.size());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Reads the content of a file from memory.
     *
     * @param origin its name in messages
     */
    public static SafeTensors of(byte[] content, String origin) throws IOException {
        return new SafeTensors(origin, (from, to) -> to.put(content, (int) from, to.remaining()), content.length);
    }

    @Override
    public String origin() {
        return file;
    }

    @Override
    public Set<String> names() {
        return header.entries().keySet();
    }

    @Override
    public Map<String, Long> types() {
        return header.entries().values().stream()
                .collect(Collectors.groupingBy(SafeTensorsHeader.Entry::type, TreeMap::new, Collectors.counting()));
    }

    /** The header's {@code __metadata__}. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /**
     * Shape of an array.
     *
     * @throws IOException if there is none of this name
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

    @Override
    public void check(String name, int... shape) throws IOException {
        SafeTensorsHeader.Entry e = entry(name);
        if (!Arrays.equals(Arrays.stream(shape).asLongStream().toArray(), e.shape())) {
            throw new IOException(file + ": array " + name + " has shape " + Arrays.toString(e.shape()) + ", wanted "
                    + Arrays.toString(shape));
        }
        if (Arrays.stream(NumberType.values()).noneMatch(t -> t.name().equals(e.type()))) {
            throw new IOException(file + ": array " + name + " is of type " + e.type() + ", readable are "
                    + List.of(NumberType.values()));
        }
        if (Arrays.stream(e.shape()).reduce(1, Math::multiplyExact) > Integer.MAX_VALUE - 8) {
            throw new IOException(file + ": array " + name + " has " + Arrays.toString(e.shape())
                    + " numbers, at most 2^31 - 9 can be held");
        }
    }

    @Override
    public void read(String name, int multiple, Sink to) throws IOException {
        SafeTensorsHeader.Entry e = entry(name);
        NumberType type = NumberType.valueOf(e.type());
        int count = (int) ((e.end() - e.begin()) / type.bytes());
        int most = Math.min(count, Math.max(1, PIECE / multiple) * multiple);
        ByteBuffer bytes = buffer(Math.multiplyExact(most, type.bytes()));
        // doubles are narrowed in place
        boolean narrowed = type == NumberType.F64;
        int n;
        for (int at = 0; at < count; at += n) {
            n = Math.min(most, count - at);
            bytes.clear().limit(n * type.bytes());
            source.read(dataStart + e.begin() + (long) at * type.bytes(), bytes);
            bytes.flip();
            if (narrowed) {
                for (int i = 0; i < n; i++) {
                    bytes.putFloat(4 * i, (float) bytes.getDouble(8 * i));
                }
                bytes.limit(4 * n);
            }
            to.piece(at, n, narrowed ? NumberType.F32 : type, bytes);
        }
    }

    /** A native buffer. It is reused for the next array, since Java frees native memory late. */
    private ByteBuffer buffer(int size) {
        if (buffer == null || buffer.capacity() < size) {
            buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
        }
        return buffer;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Writes a file, completely or not at all, with the arrays in the map's order. */
    public static void write(Path file, Map<String, Tensor> tensors, NumberType type, Map<String, String> metadata)
            throws IOException {
        AtomicFiles.Group one = new AtomicFiles.Group();
        write(file, tensors, type, metadata, one);
        one.force();
    }

    /**
     * As above, one of many.
     *
     * @param files the group that is forced to disk together
     */
    public static void write(
            Path file,
            Map<String, Tensor> tensors,
            NumberType type,
            Map<String, String> metadata,
            AtomicFiles.Group files)
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
            long end = at + (long) e.getValue().values.length * type.bytes();
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

    private static byte[] encode(float[] values, NumberType type) {
        ByteBuffer b = ByteBuffer.allocate(Math.multiplyExact(values.length, type.bytes()))
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
