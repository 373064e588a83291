package coterie.model.base;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.ForeignText;
import coterie.model.files.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The arrays of a base: in {@code model.safetensors}, or in the shards that {@code model.safetensors.index.json} names.
 * Each array is read or refused by name, except for buffers that the family ignores and an output head that is equal to
 * the token embedding.
 */
final class BaseCheckpoint implements AutoCloseable {
    private static final String FILE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private final String origin;
    private final List<SafeTensors> files = new ArrayList<>();
    private final Map<String, SafeTensors> where = new LinkedHashMap<>();

    private BaseCheckpoint(String origin) {
        this.origin = origin;
    }

    /** The arrays of one file, which is closed with them. */
    static BaseCheckpoint of(SafeTensors file) throws IOException {
        BaseCheckpoint c = new BaseCheckpoint(file.origin());
        c.add(file);
        return c;
    }

    /**
     * The arrays in a folder.
     *
     * @throws IOException where it holds none that can be read
     */
    static BaseCheckpoint in(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
            return of(SafeTensors.open(file));
        }
        Path index = folder.resolve(INDEX);
        if (Files.exists(index)) {
            return sharded(folder, index);
        }
        Path pickled = folder.resolve("pytorch_model.bin");
        if (Files.exists(pickled) || Files.exists(folder.resolve("pytorch_model.bin.index.json"))) {
            throw new IOException(
                    pickled + ": pickled weights are not read, since they can run code; save the model as " + FILE);
        }
        throw new IOException(folder + " has neither " + FILE + " nor " + INDEX);
    }

    private static BaseCheckpoint sharded(Path folder, Path index) throws IOException {
        JsonNode map = ForeignText.json(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new IOException(
                    index + ": weight_map must name the shard of every array, found " + ForeignText.brief(map));
        }
        BaseCheckpoint c = new BaseCheckpoint(index.toString());
        try {
            Set<String> shards = new HashSet<>();
            for (Map.Entry<String, JsonNode> e : map.properties()) {
                String shard = e.getValue().asText();
                if (!e.getValue().isTextual() || !shard.matches("[A-Za-z0-9._-]+\\.safetensors")) {
                    throw new IOException(index + ": weight_map: the shard of array " + e.getKey()
                            + " must be the name of a .safetensors file in the same folder, found "
                            + ForeignText.brief(e.getValue()));
                }
                if (shards.add(shard)) {
                    if (!Files.exists(folder.resolve(shard))) {
                        throw new IOException(folder.resolve(shard) + ": there is no such file; " + INDEX
                                + " names it as the shard of array " + e.getKey());
                    }
                    c.add(SafeTensors.open(folder.resolve(shard)));
                }
            }
            for (Map.Entry<String, JsonNode> e : map.properties()) {
                String shard = folder.resolve(e.getValue().asText()).toString();
                SafeTensors in = c.where.get(e.getKey());
                if (in == null || !in.origin().equals(shard)) {
                    throw new IOException(shard + " has no array " + e.getKey() + ", which " + INDEX + " says it has"
                            + (in == null ? "" : "; it is in " + in.origin()));
                }
            }
            for (Map.Entry<String, SafeTensors> e : c.where.entrySet()) {
                if (!map.has(e.getKey())) {
                    throw new IOException(
                            e.getValue().origin() + ": array " + e.getKey() + " is not named in " + INDEX);
                }
            }
            return c;
        } catch (IOException | RuntimeException e) {
            c.close();
            throw e;
        }
    }

    private void add(SafeTensors file) throws IOException {
        files.add(file);
        for (String name : file.names()) {
            SafeTensors other = where.putIfAbsent(name, file);
            if (other != null) {
                throw new IOException(
                        "array " + name + " is in two shards, " + other.origin() + " and " + file.origin());
            }
        }
    }

    private SafeTensors holding(String name) throws IOException {
        SafeTensors file = where.get(name);
        if (file == null) {
            throw new IOException(origin + " has no array " + name + "; it has "
                    + where.keySet().stream().limit(3).toList()
                    + (where.size() > 3 ? " and " + (where.size() - 3) + " more" : ""));
        }
        return file;
    }

    /**
     * Checks that all arrays of this shape of base are there and no others, without reading one.
     *
     * @throws IOException with the first array at fault
     */
    void check(BaseConfig config) throws IOException {
        ModuleNames names = config.family().names();
        // Before anything of the size in config.json is allocated.
        String embedding = name(names.embedding(), config);
        holding(embedding).check(embedding, config.vocabulary(), config.width());
        if (config.layers() > where.size()) {
            throw new IOException(origin + " has " + where.size() + " arrays, too few for the " + config.layers()
                    + " layers (" + names.layersKey() + ") of config.json");
        }
        Set<String> known = new HashSet<>();
        for (BaseArray a : config.arrays()) {
            String name = name(a.name(), config);
            int[] s = a.shape();
            if (!where.containsKey(name) && name.equals(names.head())) {
                throw new IOException(
                        origin + " has no array " + name + ", though config.json says tie_word_embeddings: false");
            }
            holding(name).check(name, a.transposed() ? new int[] {s[1], s[0]} : s);
            known.add(name);
        }
        for (String name : where.keySet()) {
            if (!known.contains(name) && !(config.tied() && name.equals(names.head()))) {
                refuseUnlessIgnored(name, config);
            }
        }
        long bytes = 4 * config.parameters();
        if (bytes > Runtime.getRuntime().maxMemory()) {
            throw new IOException(origin + ": its " + config.parameters() + " parameters take " + (bytes >> 20)
                    + " MB, Java's memory is limited to "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MB; raise it by -Xmx");
        }
    }

    private void refuseUnlessIgnored(String name, BaseConfig config) throws IOException {
        OptionalInt block = config.family().block(name);
        if (block.isPresent() && block.getAsInt() >= config.layers()) {
            throw new IOException(where.get(name).origin() + ": array " + name + " belongs to a layer beyond the "
                    + config.layers()
                    + " (" + config.family().names().layersKey() + ") of config.json");
        }
        if (config.family().ignores(name)) {
            return;
        }
        throw new IOException(where.get(name).origin() + ": array " + name + " is not one of a "
                + config.family().title() + " language model's and would be left unread");
    }

    /**
     * Reads all arrays.
     *
     * @throws IOException as {@link #check}, and where an array holds a number that is not finite
     */
    BaseWeights read(BaseConfig config) throws IOException {
        check(config);
        List<float[]> arrays = new ArrayList<>();
        for (BaseArray a : config.arrays()) {
            String name = name(a.name(), config);
            int[] s = a.shape();
            arrays.add(
                    a.transposed()
                            ? BaseWeights.transpose(holding(name).read(name, s[1], s[0]), s[1], s[0])
                            : holding(name).read(name, s));
        }
        String head = config.family().names().head();
        if (config.tied() && where.containsKey(head)) {
            float[] own = holding(head).read(head, config.vocabulary(), config.width());
            if (!Arrays.equals(own, arrays.get(0))) {
                throw new IOException(holding(head).origin() + ": array " + head + " differs from "
                        + name(config.family().names().embedding(), config) + ", but config.json"
                        + " ties them; set tie_word_embeddings to false to use it");
            }
        }
        return new BaseWeights(config, arrays);
    }

    /** The name of an array in these files. */
    private String name(String array, BaseConfig config) {
        ModuleNames names = config.family().names();
        boolean prefixed = where.containsKey(names.prefix() + names.embedding());
        return array.equals(names.head()) || !prefixed ? array : names.prefix() + array;
    }

    @Override
    public void close() throws IOException {
        for (SafeTensors file : files) {
            file.close();
        }
    }
}
