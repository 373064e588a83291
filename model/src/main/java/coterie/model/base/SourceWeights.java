package coterie.model.base;

import coterie.model.base.source.BaseSource;
import coterie.model.files.NamedArrays;
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
 */
record SourceWeights(DecoderConfig config, BaseSource source) implements BaseWeights {
    @Override
    public Map<String, Long> types() throws IOException {
        try (NamedArrays arrays = source.arrays()) {
            return arrays.types();
        }
    }

    @Override
    public SourceWeights as(DecoderConfig other) {
        return new SourceWeights(other, source);
    }

    /**
     * Checks that all arrays of this shape of base are there and no others, without reading one.
     *
     * @throws IOException with the first array at fault
     */
    void check() throws IOException {
        try (NamedArrays arrays = source.arrays()) {
            check(arrays);
        }
    }

    private void check(NamedArrays arrays) throws IOException {
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
            String name = name(a, present);
            if (a.role() == Role.HEAD && !present.contains(name)) {
                throw new IOException(arrays.origin() + " has no array " + name
                        + ", though config.json says tie_word_embeddings: false");
            }
            arrays.check(name, shape(a));
            known.add(name);
        }
        for (String name : present) {
            if (!known.contains(name) && !(config.tied() && name.equals(names.head()))) {
                refuseUnlessIgnored(name, arrays);
            }
        }
    }

    private void refuseUnlessIgnored(String name, NamedArrays arrays) throws IOException {
        BaseFamily family = config.family();
        OptionalInt block = family.names().block(name);
        if (block.isPresent() && block.getAsInt() >= config.blocks()) {
            throw new IOException(arrays.origin(name) + ": array " + name + " belongs to a layer beyond the "
                    + config.blocks() + " (" + family.names().layersKey() + ") of config.json");
        }
        if (!family.ignores(name)) {
            throw new IOException(arrays.origin(name) + ": array " + name + " is not one of a " + family.title()
                    + " language model's and would be left unread");
        }
    }

    /**
     * Checks that all numbers are finite, and that a tied output head is the token embedding.
     *
     * @throws IOException with array and index of the first number at fault
     */
    void checkNumbers() throws IOException {
        try (NamedArrays arrays = source.arrays()) {
            check(arrays);
            float[] numbers = new float[NamedArrays.PIECE];
            for (BaseArray a : config.arrays()) {
                String name = name(a, arrays.names());
                arrays.read(name, 1, (at, count, type, bytes) -> {
                    type.decode(bytes, numbers, 0, count);
                    arrays.checkFinite(name, shape(a), numbers, 0, at, count);
                });
            }
            String head = config.family().names().head();
            if (config.tied() && arrays.names().contains(head)) {
                arrays.check(head, config.vocabulary(), config.width());
                String embedding = name(config.arrays().get(0), arrays.names());
                if (!Arrays.equals(hash(arrays, head), hash(arrays, embedding))) {
                    throw new IOException(arrays.origin(head) + ": array " + head + " differs from " + embedding
                            + ", but config.json ties them; set tie_word_embeddings to false to use it");
                }
            }
        }
    }

    private static byte[] hash(NamedArrays arrays, String name) throws IOException {
        MessageDigest sha = Sha256.digest();
        float[] numbers = new float[NamedArrays.PIECE];
        ByteBuffer buffer = ByteBuffer.allocate(4 * NamedArrays.PIECE).order(ByteOrder.LITTLE_ENDIAN);
        arrays.read(name, 1, (at, count, type, bytes) -> {
            type.decode(bytes, numbers, 0, count);
            buffer.clear().asFloatBuffer().put(numbers, 0, count);
            sha.update(buffer.array(), 0, 4 * count);
        });
        return sha.digest();
    }

    @Override
    public void read(Sink to) throws IOException {
        try (NamedArrays arrays = source.arrays()) {
            check(arrays);
            for (BaseArray a : config.arrays()) {
                boolean transposed = config.family().names().transposes(a);
                arrays.read(
                        name(a, arrays.names()),
                        transposed ? a.shape()[0] : 1,
                        (at, count, type, bytes) -> to.piece(new Piece(a, transposed, at, count, type, bytes)));
            }
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
