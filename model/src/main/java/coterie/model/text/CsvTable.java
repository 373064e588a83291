package coterie.model.text;

import coterie.topology.files.CsvRows;
import coterie.topology.files.Shown;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** CSV, plain or gzipped: fields separated by commas, with the names of the columns in the first row. */
public final class CsvTable implements TextTable {
    private static final int SHOWN = 80;

    @Override
    public Set<String> suffixes() {
        return Set.of("csv");
    }

    @Override
    public void read(Path file, Set<String> columns, Consumer<Row> each) {
        Rows rows = new Rows(file, each);
        try {
            CsvRows.read(file, 1, rows);
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage(), e);
        }
        if (rows.header == null) {
            throw new DataException(file + ": must have a row of column names, found no row");
        }
    }

    /** The rows of one file. */
    private static final class Rows implements CsvRows.Row, Row {
        private final Path file;
        private final Consumer<Row> each;
        private Map<String, Integer> header;
        private List<String> fields;
        private long line;

        Rows(Path file, Consumer<Row> each) {
            this.file = file;
            this.each = each;
        }

        @Override
        public void read(List<String> row, long at) {
            fields = row;
            line = at;
            if (header == null) {
                header = header();
            } else if (fields.size() == header.size()) {
                each.accept(this);
            } else {
                throw new DataException(file + place() + ": must have " + header.size()
                        + " fields, as the row of column names has, found " + fields.size() + ": "
                        + Shown.of(String.join(",", fields), SHOWN));
            }
        }

        private Map<String, Integer> header() {
            Map<String, Integer> names = new LinkedHashMap<>();
            for (String f : fields) {
                String name = f.strip();
                if (names.put(name, names.size()) != null) {
                    throw new DataException(file + place() + ": two columns are named \"" + Shown.of(name, SHOWN)
                            + "\"; names must differ");
                }
            }
            return names;
        }

        @Override
        public String place() {
            return ":" + line;
        }

        @Override
        public Collection<String> columns() {
            return header.keySet();
        }

        @Override
        public Cell cell(String column) {
            Integer at = header.get(column);
            return at == null ? null : Cell.of(fields.get(at));
        }
    }
}
