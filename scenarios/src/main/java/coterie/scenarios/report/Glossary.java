package coterie.scenarios.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/** The terms of the project's glossary, {@code docs/glossary.md}, which the build copies beside this class. */
final class Glossary {
    private static final Pattern ROW_START = Pattern.compile("^\\| ");
    private static final Pattern CELL_END = Pattern.compile(" *(?<!\\\\)\\| *");
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");
    private static final Pattern MARKS = Pattern.compile("[*`]");
    private static final int CELLS = 2;

    private Glossary() {}

    /** The meaning of each term, as plain text. A row of the glossary may name several terms, divided by commas. */
    static ObjectNode terms() {
        return terms(Page.resource(Page.OWN + "glossary.md"));
    }

    /** @param markdown tables whose first column names terms, and whose second says what they mean */
    static ObjectNode terms(String markdown) {
        ObjectNode all = new ObjectMapper().createObjectNode();
        markdown.lines().filter(line -> line.startsWith("| ")).forEach(line -> {
            String[] cells = CELL_END.split(ROW_START.matcher(line).replaceFirst(""), CELLS + 1);
            if (cells.length >= CELLS && !cells[1].equals("meaning")) {
                for (String term : plain(cells[0]).split(", ")) {
                    all.put(term, plain(cells[1]));
                }
            }
        });
        return all;
    }

    private static String plain(String markdown) {
        return MARKS.matcher(LINK.matcher(markdown).replaceAll("$1"))
                .replaceAll("")
                .replace("\\|", "|");
    }
}
