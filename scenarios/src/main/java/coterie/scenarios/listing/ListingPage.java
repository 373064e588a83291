package coterie.scenarios.listing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.topology.files.Shown;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A list of runs as the data of a page. */
public final class ListingPage {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ListingPage() {}

    /**
     * The columns and rows. Each row has its cells as the table shows them, and the values in full, by which the page
     * sorts.
     *
     * @param folder from which runs are named
     */
    public static ObjectNode json(RunListing listing, Path folder) {
        ObjectNode n = JSON.createObjectNode();
        n.put("kind", "runs").put("title", "Runs in " + Shown.of(folder.toString(), Integer.MAX_VALUE));
        List<Column> columns = ListingText.headed(listing);
        Set<String> hidden = ListingText.hidden(listing);
        ArrayNode heads = n.putArray("columns");
        for (Column c : columns) {
            heads.addObject()
                    .put("key", c.key())
                    .put("head", c.head())
                    .put("numeric", c.numeric())
                    .put("more", hidden.contains(c.key()));
        }
        ArrayNode rows = n.putArray("rows");
        for (FoundRun r : listing.runs()) {
            ObjectNode one = rows.addObject()
                    .put("name", RunListing.name(folder, r.folder()))
                    .put("status", r.status())
                    .put("ended", r.hasEnded())
                    .put("problem", r.problem());
            ArrayNode cells = one.putArray("cells");
            ArrayNode values = one.putArray("values");
            for (Column c : columns) {
                cells.add(c.shown().apply(r));
                values.add(c.plain().apply(r));
            }
        }
        return n;
    }
}
