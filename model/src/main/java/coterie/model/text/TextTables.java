package coterie.model.text;

import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;

/** The formats of tables on the class path. */
final class TextTables {
    private static final Map<String, TextTable> BY_SUFFIX = new HashMap<>();

    static {
        for (TextTable table : ServiceLoader.load(TextTable.class, TextTable.class.getClassLoader())) {
            table.suffixes().forEach(s -> BY_SUFFIX.put(s, table));
        }
    }

    private TextTables() {}

    /** Returns the format of a file by its name, which may end in {@code .gz}; null if it is not that of a table. */
    static TextTable of(String name) {
        return BY_SUFFIX.get(TextNames.extension(TextNames.unzipped(name)));
    }
}
