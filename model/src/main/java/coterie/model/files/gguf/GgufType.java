package coterie.model.files.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How the numbers of an array are stored: in blocks of a fixed number of numbers and bytes. */
enum GgufType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    BF16(30, 1, 2);

    /** The number of this type in files. */
    final int id;
    /** Numbers in a block. */
    final int block;
    /** Bytes of a block. */
    final int bytes;

    GgufType(int id, int block, int bytes) {
        this.id = id;
        this.block = block;
        this.bytes = bytes;
    }

    /** The type with this number; empty if it is not supported. */
    static Optional<GgufType> of(int id) {
        return Arrays.stream(values()).filter(t -> t.id == id).findFirst();
    }

    /** All types, for messages. */
    static List<GgufType> all() {
        return List.of(values());
    }
}
