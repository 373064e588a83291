package coterie.model.files.gguf;

import coterie.model.files.ForeignText;
import coterie.topology.files.PlainText;
import coterie.topology.files.Shown;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model in the GGUF format, versions 2 and 3. Arrays are read one by one, whatever they are stored as, to float32.
 * For one thread at a time.
 */
public final class GgufFile implements AutoCloseable {
    /** A header with a vocabulary of a quarter of a million tokens takes 15 MB. */
    private static final long LARGEST_HEADER = 1 << 28;

    /** Numbers that are read at a time, and those that a thread decodes: multiples of every type's block. */
    private static final int PIECE = 1 << 20;

    private static final int CHUNK = 1 << 16;

    private final String file;
    private final FileChannel channel;
    private final Version version;
    private final GgufHeader header;
    /** Native memory, which Java frees late: kept for the next array. */
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

    /** By which a file is known to be the same as before. */
    private record Version(Path path, long size, FileTime modified) {}

    private GgufFile(Path path, FileChannel channel, GgufFile before) throws IOException {
        file = path.toString();
        this.channel = channel;
        version = new Version(path, channel.size(), Files.getLastModifiedTime(path));
        header = before != null && before.version.equals(version) ? before.header : header();
    }

    private GgufHeader header() throws IOException {
        long size = version.size;
        ByteBuffer start = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(size, LARGEST_HEADER));
        byte[] first = new byte[(int) Math.min(size, 64)];
        start.duplicate().get(first);
        ForeignText.refusePointer(first, file);
        return GgufHeader.parse(start, size, file);
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws IOException if it cannot be read or is not a GGUF file; the message names the file
     */
    public static GgufFile open(Path path) throws IOException {
        return open(path, null);
    }

    /**
     * Opens a file that may have been open before. Its header is parsed only if size or time of the file have changed.
     *
     * @param before the file as it was opened last, closed or not; null if it was not
     * @throws IOException as {@link #open(Path)}
     */
    public static GgufFile open(Path path, GgufFile before) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException(path + " is not a file");
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new IOException(path + ": " + PlainText.why(e), e);
        }
        try {
            return new GgufFile(path, channel, before);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** What messages call the file. */
    public String origin() {
        return file;
    }

    /** The keys of the metadata, in the file's order. */
    public Set<String> keys() {
        return header.metadata().keySet();
    }

    /** Whether there is metadata of this key. */
    public boolean has(String key) {
        return header.metadata().containsKey(key);
    }

    /**
     * A text.
     *
     * @throws IOException if there is none of this key
     */
    public String text(String key) throws IOException {
        return value(key, String.class, "a text");
    }

    /**
     * A whole number from 0 to 2^31 − 1.
     *
     * @throws IOException if there is none of this key
     */
    public int count(String key) throws IOException {
        long n = value(key, Long.class, "a whole number");
        if (n < 0 || n > Integer.MAX_VALUE) {
            throw new IOException(file + ": " + key + " must be from 0 to " + Integer.MAX_VALUE + ", found " + n);
        }
        return (int) n;
    }

    /**
     * A finite number; empty if there is no such key.
     *
     * @throws IOException if something else stands there
     */
    public OptionalDouble number(String key) throws IOException {
        if (!has(key)) {
            return OptionalDouble.empty();
        }
        Object v = header.metadata().get(key);
        double x = v instanceof Long n ? n : v instanceof Double d ? d : Double.NaN;
        if (!Double.isFinite(x)) {
            throw new IOException(file + ": " + key + " must be a number, found " + brief(v));
        }
        // A decimal such as 1e-5 is stored as float32; the shortest decimal that rounds to it is what was meant.
        return OptionalDouble.of(v instanceof Double d && (float) (double) d == d ? shortest((float) x) : x);
    }

    private static double shortest(float x) {
        return Double.parseDouble(Float.toString(x));
    }

    /**
     * A truth value.
     *
     * @param standard if there is no such key
     * @throws IOException if something else stands there
     */
    public boolean flag(String key, boolean standard) throws IOException {
        return has(key) ? value(key, Boolean.class, "true or false") : standard;
    }

    /**
     * A list of texts.
     *
     * @throws IOException if there is none of this key
     */
    public List<String> texts(String key) throws IOException {
        return list(key, String.class, "texts");
    }

    /**
     * A list of whole numbers.
     *
     * @throws IOException if there is none of this key
     */
    public List<Long> counts(String key) throws IOException {
        return list(key, Long.class, "whole numbers");
    }

    /**
     * A list of numbers.
     *
     * @throws IOException if there is none of this key
     */
    public List<Double> numbers(String key) throws IOException {
        return list(key, Double.class, "numbers");
    }

    private <T> T value(String key, Class<T> type, String wanted) throws IOException {
        Object v = header.metadata().get(key);
        if (!type.isInstance(v)) {
            throw new IOException(file + ": " + key + " must be " + wanted + ", found " + brief(v));
        }
        return type.cast(v);
    }

    private <T> List<T> list(String key, Class<T> type, String wanted) throws IOException {
        List<?> all = value(key, List.class, "a list of " + wanted);
        for (int i = 0; i < all.size(); i++) {
            if (!type.isInstance(all.get(i))) {
                throw new IOException(
                        file + ": " + key + "[" + i + "] must be one of " + wanted + ", found " + brief(all.get(i)));
            }
        }
        @SuppressWarnings("unchecked")
        List<T> checked = (List<T>) all;
        return checked;
    }

    private static String brief(Object v) {
        String text = v instanceof List<?> l ? "a list of " + l.size() : v == null ? "nothing" : v.toString();
        return Shown.of(text, 60);
    }

    /** The names of the arrays, in the file's order. */
    public Set<String> names() {
        return header.entries().keySet();
    }

    /** The types of the arrays, each with their number. */
    public Map<String, Long> types() {
        return header.entries().values().stream()
                .collect(Collectors.groupingBy(e -> e.type().name(), TreeMap::new, Collectors.counting()));
    }

    /**
     * The shape of an array, outermost dimension first.
     *
     * @throws IOException if there is none of this name
     */
    public long[] shape(String name) throws IOException {
        return entry(name).shape().clone();
    }

    private GgufHeader.Entry entry(String name) throws IOException {
        GgufHeader.Entry e = header.entries().get(name);
        if (e == null) {
            throw new IOException(file + " has no array " + name + "; it has "
                    + names().stream().limit(3).toList()
                    + (names().size() > 3 ? " and " + (names().size() - 3) + " more" : ""));
        }
        return e;
    }

    /**
     * Checks that an array is there and has this shape, without reading it.
     *
     * @throws IOException which of these does not hold
     */
    public void check(String name, int... shape) throws IOException {
        GgufHeader.Entry e = entry(name);
        if (!Arrays.equals(Arrays.stream(shape).asLongStream().toArray(), e.shape())) {
            throw new IOException(file + ": array " + name + " has shape " + Arrays.toString(e.shape()) + ", wanted "
                    + Arrays.toString(shape));
        }
        if (Arrays.stream(e.shape()).reduce(1, Math::multiplyExact) > Integer.MAX_VALUE - 8) {
            throw new IOException(file + ": array " + name + " has " + Arrays.toString(e.shape())
                    + " numbers, at most 2^31 - 9 can be held");
        }
    }

    /**
     * Numbers of an array as float32, in row-major order. All processors decode.
     *
     * @param from place of the first, a multiple of 256
     * @param count how many; a multiple of 256, or all that are left
     * @param to is given them, from index 0
     * @throws IOException if there is no array of this name, or it cannot be read
     */
    public void read(String name, int from, int count, float[] to) throws IOException {
        GgufHeader.Entry e = entry(name);
        GgufType type = e.type();
        int n;
        for (int at = 0; at < count; at += n) {
            n = Math.min(PIECE, count - at);
            long begin = header.data() + e.begin() + ((long) from + at) / type.block * type.bytes;
            decode(bytes(begin, n / type.block * type.bytes), type, to, at, n);
        }
    }

    private static void decode(ByteBuffer bytes, GgufType type, float[] to, int at, int count) {
        IntStream.range(0, (count + CHUNK - 1) / CHUNK).parallel().forEach(k -> {
            int first = k * CHUNK;
            int n = Math.min(CHUNK, count - first);
            ByteBuffer blocks = bytes.slice(first / type.block * type.bytes, n / type.block * type.bytes);
            GgufBlocks.decode(blocks.order(ByteOrder.LITTLE_ENDIAN), type, to, at + first, n);
        });
    }

    /** Bytes are read, not mapped: pages of a mapping would stay in the process's memory until Java collects it. */
    private ByteBuffer bytes(long from, int count) throws IOException {
        if (buffer.capacity() < count) {
            buffer = ByteBuffer.allocateDirect(count);
        }
        buffer.clear().limit(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException(file + " has become shorter while it was read");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        // Who opens the file again needs its header alone.
        buffer = null;
        channel.close();
    }
}
