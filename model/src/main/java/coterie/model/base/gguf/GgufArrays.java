package coterie.model.base.gguf;

import coterie.model.files.NamedArrays;
import coterie.model.files.NumberType;
import coterie.model.files.gguf.GgufFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The arrays of a GGUF file with the names and the orientation of Hugging Face's files, as float32. */
final class GgufArrays implements NamedArrays {
    private final GgufFile file;
    private final int heads;
    private final int keyHeads;
    /** By Hugging Face's names. */
    private final Map<String, GgufArray> arrays = new LinkedHashMap<>();
    /** Of a piece, kept for the next array. */
    private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

    private float[] numbers = new float[0];

    /**
     * Takes over an open file.
     *
     * @throws IOException if its architecture is not known
     */
    GgufArrays(GgufFile file) throws IOException {
        this.file = file;
        GgufArchitecture architecture = GgufArchitecture.of(file);
        heads = file.count(architecture.name + ".attention.head_count");
        String keys = architecture.name + ".attention.head_count_kv";
        keyHeads = file.has(keys) ? file.count(keys) : heads;
        for (String name : file.names()) {
            if (!name.equals(GgufKeys.ROPE_FACTORS)) {
                // An array that has no counterpart keeps its name, by which it will be refused.
                String original = architecture.original(name).orElse(name);
                arrays.put(original, architecture.array(original).orElse(new GgufArray(name, GgufArray.Change.NONE)));
            }
        }
    }

    @Override
    public String origin() {
        return file.origin();
    }

    @Override
    public Set<String> names() {
        return arrays.keySet();
    }

    private GgufArray array(String name) {
        return arrays.getOrDefault(name, new GgufArray(name, GgufArray.Change.NONE));
    }

    @Override
    public void check(String name, int... shape) throws IOException {
        GgufArray a = array(name);
        file.check(a.name(), a.stored(shape));
        int parts = a.parts(heads, keyHeads);
        if (parts < 1 || shape[0] % parts != 0) {
            throw new IOException(origin() + ": array " + a.name() + " has " + shape[0] + " rows, which " + heads
                    + " heads of queries and " + keyHeads + " of keys do not divide");
        }
    }

    @Override
    public Map<String, Long> types() {
        return file.types();
    }

    @Override
    public void read(String name, int multiple, Sink to) throws IOException {
        GgufArray a = array(name);
        int[] shape =
                Arrays.stream(file.shape(a.name())).mapToInt(Math::toIntExact).toArray();
        int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        int piece = Math.max(multiple, PIECE / multiple * multiple);
        if (bytes.capacity() < 4 * Math.min(size, piece)) {
            bytes = ByteBuffer.allocateDirect(4 * Math.min(size, piece)).order(ByteOrder.LITTLE_ENDIAN);
        }
        // An array whose rows change places is restored as a whole.
        float[] whole = a.change() == GgufArray.Change.NONE && multiple == 1 ? null : restored(a, shape, size);
        if (whole == null && numbers.length < Math.min(size, piece)) {
            numbers = new float[Math.min(size, piece)];
        }
        int count;
        for (int at = 0; at < size; at += count) {
            count = Math.min(piece, size - at);
            bytes.clear().limit(4 * count);
            if (whole == null) {
                file.read(a.name(), at, count, numbers);
                bytes.asFloatBuffer().put(numbers, 0, count);
            } else {
                bytes.asFloatBuffer().put(whole, at, count);
            }
            to.piece(at, count, NumberType.F32, bytes);
        }
    }

    private float[] restored(GgufArray a, int[] stored, int size) throws IOException {
        float[] whole = new float[size];
        file.read(a.name(), 0, size, whole);
        return a.restored(whole, a.stored(stored), heads, keyHeads);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
