package coterie.model.base;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.model.files.ForeignKeys;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The families on the class path. */
final class BaseFamilies {
    /** By model type. */
    static final List<BaseFamily> ALL = ServiceLoader.load(BaseFamily.class, BaseFamily.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .sorted(Comparator.comparing(BaseFamily::modelType))
            .toList();

    private BaseFamilies() {}

    /** @throws IOException if a {@code config.json} names none of them */
    static BaseFamily of(JsonNode json, String file) throws IOException {
        String assumed = ALL.stream()
                .filter(BaseFamily::assumed)
                .map(BaseFamily::modelType)
                .findFirst()
                .orElse("nothing");
        String type = ForeignKeys.text(json, "model_type", assumed, file);
        List<String> types = ALL.stream().map(BaseFamily::modelType).toList();
        return ALL.stream()
                .filter(f -> f.modelType().equals(type))
                .findFirst()
                .orElseThrow(() -> new IOException(file + ": model_type must be "
                        + (types.size() == 1 ? types.get(0) : "one of " + types) + ", found " + type));
    }
}
