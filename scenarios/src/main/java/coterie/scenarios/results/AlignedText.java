package coterie.scenarios.results;

import java.util.List;

/** Tables for terminals. */
public final class AlignedText {
    private static final int GAP = 2;

    private AlignedText() {}

    /**
     * The lines of a table with aligned columns, each ending in a new line.
     *
     * @param cells by line; all lines have the same number
     */
    public static String of(List<List<String>> cells) {
        int columns = cells.isEmpty() ? 0 : cells.get(0).size();
        int[] widths = new int[columns];
        cells.forEach(line -> {
            for (int k = 0; k < columns; k++) {
                widths[k] = Math.max(widths[k], width(line.get(k)));
            }
        });
        StringBuilder out = new StringBuilder();
        for (List<String> line : cells) {
            for (int k = 0; k < columns; k++) {
                out.append(line.get(k));
                out.append(k + 1 < columns ? " ".repeat(widths[k] - width(line.get(k)) + GAP) : "\n");
            }
        }
        return out.toString();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
