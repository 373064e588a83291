package coterie.model.base;

import coterie.model.base.source.BaseSource;
import coterie.model.files.NamedArrays;
import coterie.model.files.NumberType;
import coterie.topology.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A base's parameters in files. Each array is read or refused by name, except for buffers that the family ignores and
 * an output head that is equal to the token embedding.
 *
 * @param name of the base, for messages
 * @param types how many arrays are of each type
 */
record SourceWeights(String name, DecoderConfig config, BaseSource source, Map<String, Long> types)
        implements BaseWeights {
    /**
     * The parameters of a base, none of which is read yet.
     *
     * @throws IOException with the first array that a base of this shape must have and that is missing or has another
     *     shape, or that it does not have
     */
    static SourceWeights of(String name, DecoderConfig config, BaseSource source) throws IOException {
        try (NamedArrays arrays = source.arrays()) {
            SourceWeights weights = new SourceWeights(name, config, source, arrays.types());
            weights.checkShapes(arrays);
            return weights;
        }
    }

    @Override
    public SourceWeights as(DecoderConfig other) {
        return new SourceWeights(name, other, source, types);
    }

    private void checkShapes(NamedArrays arrays) throws IOException {
        ModuleNames names = config.family().names();
        Set<String> present = arrays.names();
        // Before anything is made of the size that the configuration says.
        arrays.check(
                name(new BaseArray(Role.EMBEDDING, 0, "weight", new int[0], BaseArray.Kind.EMBEDDING), present),
                config.vocabulary(),
                config.width());
        if (config.blocks() > present.size()) {
            throw new IOException(arrays.origin() + " has " + present.size() + " arrays, too few for the "
                    + config.blocks() + " layers (" + names.layersKey() + ") of " + source.configOrigin());
        }
        Set<String> known = new HashSet<>();
        for (BaseArray a : config.arrays()) {
            String array = name(a, present);
            if (a.role() == Role.HEAD && !present.contains(array)) {
                throw new IOException(arrays.origin() + " has no array " + array
                        + ", though config.json says tie_word_embeddings: false");
            }
            arrays.check(array, shape(a));
            known.add(array);
        }
        for (String array : present) {
            if (!known.contains(array) && !(config.tied() && array.equals(names.head()))) {
                refuseUnlessIgnored(array, arrays);
            }
        }
    }

    private void refuseUnlessIgnored(String array, NamedArrays arrays) throws IOException {
        BaseFamily family = config.family();
        OptionalInt block = family.names().block(array);
        if (block.isPresent() && block.getAsInt() >= config.blocks()) {
            throw new IOException(arrays.origin(array) + ": array " + array + " belongs to a layer beyond the "
                    + config.blocks() + " (" + family.names().layersKey() + ") of config.json");
        }
        if (!family.ignores(array)) {
            throw new IOException(arrays.origin(array) + ": array " + array + " is not one of a " + family.title()
                    + " language model's and would be left unread");
        }
    }

    @Override
    public void read(Sink to) {
        try (NamedArrays arrays = source.arrays()) {
            checkShapes(arrays);
            String head = config.family().names().head();
            // A tied output head that is in the files nevertheless.
            boolean headTwice = config.tied() && arrays.names().contains(head);
            MessageDigest embedding = Sha256.digest();
            Decoded decoded = new Decoded();
            for (BaseArray a : config.arrays()) {
                boolean transposed = config.family().names().transposes(a);
                String array = name(a, arrays.names());
                int[] shape = shape(a);
                arrays.read(array, transposed ? a.shape()[0] : 1, (at, count, type, bytes) -> {
                    decoded.take(count, type, bytes);
                    arrays.checkFinite(array, shape, decoded.numbers, 0, at, count);
                    if (headTwice && a.role() == Role.EMBEDDING) {
                        decoded.hash(embedding);
                    }
                    to.piece(new Piece(a, transposed, at, count, type, bytes));
                });
            }
            if (headTwice) {
                compareHead(arrays, head, embedding.digest());
            }
        } catch (IOException e) {
            throw PretrainedBase.refusal(name, e);
        }
    }

    /** The numbers of one piece after another. */
    private static final class Decoded {
        private float[] numbers = new float[0];
        private int count;

        void take(int n, NumberType type, ByteBuffer bytes) {
            count = n;
            if (numbers.length < n) {
                numbers = new float[n];
            }
            type.decode(bytes, numbers, 0, n);
        }

        void hash(MessageDigest hash) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(numbers, 0, count);
            hash.update(bytes);
        }
    }

    private void compareHead(NamedArrays arrays, String head, byte[] embedding) throws IOException {
        arrays.check(head, config.vocabulary(), config.width());
        MessageDigest own = Sha256.digest();
        Decoded decoded = new Decoded();
        arrays.read(head, 1, (at, count, type, bytes) -> {
            decoded.take(count, type, bytes);
            decoded.hash(own);
        });
        if (!Arrays.equals(own.digest(), embedding)) {
            throw new IOException(arrays.origin(head) + ": array " + head + " differs from "
                    + name(config.arrays().get(0), arrays.names())
                    + ", but config.json ties them; set tie_word_embeddings to false to use it");
        }
    }

    private int[] shape(BaseArray a) {
        int[] s = a.shape();
        return config.family().names().transposes(a) ? new int[] {s[1], s[0]} : s;
    }

    /** The name of an array in these files, which may leave out the family's prefix. */
    private String name(BaseArray a, Set<String> present) {
        ModuleNames names = config.family().names();
        boolean prefixed = present.contains(names.prefix() + names.modules().get(Role.EMBEDDING) + ".weight");
        return prefixed || a.role() == Role.HEAD ? names.array(a) : names.unprefixed(a);
    }
}
