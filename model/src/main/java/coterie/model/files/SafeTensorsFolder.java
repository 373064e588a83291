package coterie.model.files;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The arrays of a model's folder: in {@code model.safetensors}, or in the shards that
 * {@code model.safetensors.index.json} names.
 */
public final class SafeTensorsFolder implements NamedArrays {
    private static final String FILE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private final String origin;
    private final List<SafeTensors> files = new ArrayList<>();
    private final Map<String, SafeTensors> where = new LinkedHashMap<>();

    private SafeTensorsFolder(String origin) {
        this.origin = origin;
    }

    /**
     * Opens the files in a folder.
     *
     * @throws IOException if it has no readable ones, or index and shards do not agree
     */
    public static NamedArrays open(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
            return SafeTensors.open(file);
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

    private static SafeTensorsFolder sharded(Path folder, Path index) throws IOException {
        JsonNode map = ForeignText.json(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new IOException(
                    index + ": weight_map must name the shard of every array, found " + ForeignText.brief(map));
        }
        SafeTensorsFolder all = new SafeTensorsFolder(index.toString());
        try {
            all.openShards(folder, index, map);
            all.compare(folder, map);
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private void openShards(Path folder, Path index, JsonNode map) throws IOException {
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
                add(SafeTensors.open(folder.resolve(shard)));
            }
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

    private void compare(Path folder, JsonNode map) throws IOException {
        for (Map.Entry<String, JsonNode> e : map.properties()) {
            String shard = folder.resolve(e.getValue().asText()).toString();
            SafeTensors in = where.get(e.getKey());
            if (in == null || !in.origin().equals(shard)) {
                throw new IOException(shard + " has no array " + e.getKey() + ", which " + INDEX + " says it has"
                        + (in == null ? "" : "; it is in " + in.origin()));
            }
        }
        for (Map.Entry<String, SafeTensors> e : where.entrySet()) {
            if (!map.has(e.getKey())) {
                throw new IOException(e.getValue().origin() + ": array " + e.getKey() + " is not named in " + INDEX);
            }
        }
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public String origin(String name) {
        SafeTensors file = where.get(name);
        return file == null ? origin : file.origin();
    }

    @Override
    public Set<String> names() {
        return where.keySet();
    }

    @Override
    public Map<String, Long> types() {
        Map<String, Long> all = new TreeMap<>();
        files.forEach(f -> f.types().forEach((type, n) -> all.merge(type, n, Long::sum)));
        return all;
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

    @Override
    public void check(String name, int... shape) throws IOException {
        holding(name).check(name, shape);
    }

    @Override
    public void read(String name, int multiple, Sink to) throws IOException {
        holding(name).read(name, multiple, to);
    }

    @Override
    public void close() throws IOException {
        for (SafeTensors file : files) {
            file.close();
        }
    }
}
