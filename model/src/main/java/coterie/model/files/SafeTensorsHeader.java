package coterie.model.files;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked as the reference library does: every array has a known type and the number
 * of bytes that its shape and type require, and the arrays follow one another without holes or overlaps and fill the
 * rest of the file.
 *
 * @param entries arrays by name, in the header's order
 * @param metadata the entries of {@code __metadata__}
 */
record SafeTensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
    /** Bits of a number, for every type of the format. */
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("BOOL", 8),
            Map.entry("U8", 8),
            Map.entry("I8", 8),
            Map.entry("F8_E5M2", 8),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("F8_E4M3FNUZ", 8),
            Map.entry("F8_E5M2FNUZ", 8),
            Map.entry("F4", 4),
            Map.entry("F6_E2M3", 6),
            Map.entry("F6_E3M2", 6),
            Map.entry("I16", 16),
            Map.entry("U16", 16),
            Map.entry("F16", 16),
            Map.entry("BF16", 16),
            Map.entry("I32", 32),
            Map.entry("U32", 32),
            Map.entry("F32", 32),
            Map.entry("I64", 64),
            Map.entry("U64", 64),
            Map.entry("F64", 64),
            Map.entry("C64", 64));

    /** An array: its type, shape, and bytes, counted from the end of the header. */
    record Entry(String type, long[] shape, long begin, long end) {}

    /**
     * Reads a header.
     *
     * @param text the JSON
     * @param data bytes that follow it
     * @throws IOException with file and array, if the two do not fit together or the header is not valid
     */
    static SafeTensorsHeader parse(String text, long data, String file) throws IOException {
        JsonNode root = ForeignText.json(text, file + ": not a safetensors file: its header");
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> e : root.properties()) {
            if (e.getKey().equals("__metadata__")) {
                readMetadata(e.getValue(), metadata, file);
            } else {
                entries.put(e.getKey(), entry(e.getValue(), file + ": array " + e.getKey()));
            }
        }
        contiguous(entries, data, file);
        return new SafeTensorsHeader(entries, metadata);
    }

    private static void readMetadata(JsonNode value, Map<String, String> metadata, String file) throws IOException {
        if (value.isNull()) {
            return;
        }
        if (!value.isObject()) {
            throw new IOException(
                    file + ": __metadata__ must be an object of texts, found " + ForeignText.brief(value));
        }
        for (Map.Entry<String, JsonNode> m : value.properties()) {
            if (!m.getValue().isTextual()) {
                throw new IOException(file + ": __metadata__ must hold texts, found " + m.getKey() + ": "
                        + ForeignText.brief(m.getValue()));
            }
            metadata.put(m.getKey(), m.getValue().textValue());
        }
    }

    private static Entry entry(JsonNode v, String what) throws IOException {
        JsonNode type = v.path("dtype");
        if (!type.isTextual() || !BITS.containsKey(type.textValue())) {
            throw new IOException(what + ": unknown dtype " + ForeignText.brief(type));
        }
        JsonNode offsets = v.path("data_offsets");
        if (!offsets.isArray() || offsets.size() != 2 || !isSize(offsets.get(0)) || !isSize(offsets.get(1))) {
            throw new IOException(
                    what + ": data_offsets must be two whole numbers, found " + ForeignText.brief(offsets));
        }
        JsonNode sizes = v.path("shape");
        if (!sizes.isArray()) {
            throw new IOException(what + ": shape must be a list of whole numbers, found " + ForeignText.brief(sizes));
        }
        long[] shape = new long[sizes.size()];
        long bits = BITS.get(type.textValue());
        try {
            for (int i = 0; i < shape.length; i++) {
                if (!isSize(sizes.get(i))) {
                    throw new IOException(
                            what + ": shape must be a list of whole numbers, found " + ForeignText.brief(sizes));
                }
                shape[i] = sizes.get(i).longValue();
                bits = Math.multiplyExact(bits, shape[i]);
            }
        } catch (ArithmeticException e) {
            throw new IOException(
                    what + ": shape " + ForeignText.brief(sizes) + " holds more numbers than any file can");
        }
        long begin = offsets.get(0).longValue();
        long end = offsets.get(1).longValue();
        if (bits % 8 != 0 || end - begin != bits / 8) {
            throw new IOException(what + " takes bytes " + begin + " to " + end + "; its shape "
                    + ForeignText.brief(sizes) + " and dtype "
                    + type.textValue() + " ask for " + bits / 8);
        }
        return new Entry(type.textValue(), shape, begin, end);
    }

    private static boolean isSize(JsonNode v) {
        return v.isIntegralNumber() && v.canConvertToLong() && v.longValue() >= 0;
    }

    private static void contiguous(Map<String, Entry> entries, long data, String file) throws IOException {
        List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
        inOrder.sort(Comparator.<Map.Entry<String, Entry>>comparingLong(e -> e.getValue().begin)
                .thenComparingLong(e -> e.getValue().end));
        long at = 0;
        for (Map.Entry<String, Entry> e : inOrder) {
            if (e.getValue().begin != at) {
                throw new IOException(file + ": array " + e.getKey() + " begins at byte " + e.getValue().begin
                        + " of the data, "
                        + (e.getValue().begin < at
                                ? "within the array before it, which ends at "
                                : "after a hole; the array before it ends at ")
                        + at);
            }
            at = e.getValue().end;
        }
        if (at != data) {
            throw new IOException(file + ": the arrays take " + at + " bytes, the file has " + data
                    + " after its header"
                    + (at > data ? ": it is cut off" : ""));
        }
    }
}
