package coterie.scenarios.results;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.event.Observation;
import coterie.scenarios.config.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trust in attackers as lines of JSON that a database reads: one for each mixing of an honest user while an attack
 * lasts. It is computed from trust rows, which do not name attackers.
 */
final class AttackTable {
    /** Name of the table. */
    static final String NAME = "trust_in_attackers";
    /** Columns of the table, as the database declares them. */
    static final String COLUMNS = "run VARCHAR, virtual_seconds DOUBLE, \"user\" BIGINT, turn BIGINT, weight DOUBLE,"
            + " influence DOUBLE, auc DOUBLE, rank DOUBLE";
    /** The same columns, as the database reads them from JSON. */
    static final String FIELDS = "{'run': 'VARCHAR', 'virtual_seconds': 'DOUBLE', 'user': 'BIGINT', 'turn': 'BIGINT',"
            + " 'weight': 'DOUBLE', 'influence': 'DOUBLE', 'auc': 'DOUBLE', 'rank': 'DOUBLE'}";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Writer out;
    private int lines;

    private AttackTable(Writer out) {
        this.out = out;
    }

    /**
     * Writes the lines of all runs. Runs whose scenario cannot be read are left out, and rows with users that a run
     * does not have.
     *
     * @return number of lines
     */
    static int write(List<Path> runs, Path to) throws IOException {
        try (Writer out = Files.newBufferedWriter(to)) {
            AttackTable table = new AttackTable(out);
            for (Path run : runs) {
                TrustInAttackers trust = trust(run);
                if (trust.adversaries().any()) {
                    Records.mixings(run, m -> {
                        if (known(m, trust.adversaries().users().size())) {
                            table.add(run, m, trust.row(m));
                        }
                    });
                }
            }
            return table.lines;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static TrustInAttackers trust(Path run) {
        try {
            return TrustInAttackers.read(run);
        } catch (InputException e) {
            // Its results can be queried all the same.
            return TrustInAttackers.NONE;
        }
    }

    /** Whether a row has only users of its run, which a damaged file does not say. */
    private static boolean known(Observation.Mixed m, int users) {
        return IntStream.concat(IntStream.of(m.user()), IntStream.of(m.row().users()))
                .allMatch(u -> u >= 0 && u < users);
    }

    /** @param row null if the mixing does not count */
    private void add(Path run, Observation.Mixed m, AttackedRow row) {
        if (row == null) {
            return;
        }
        ObjectNode line = JSON.createObjectNode()
                .put("run", run.toString())
                .put("virtual_seconds", m.seconds())
                .put("user", m.user())
                .put("turn", m.turn());
        ResultJson.number(line, "weight", row.weight());
        ResultJson.number(line, "influence", row.influence());
        ResultJson.number(line, "auc", row.auc());
        ResultJson.number(line, "rank", row.rank());
        try {
            out.append(line.toString()).append('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines++;
    }
}
