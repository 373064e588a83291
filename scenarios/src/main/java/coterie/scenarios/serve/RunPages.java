package coterie.scenarios.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.actors.live.PageServer;
import coterie.actors.live.PageServer.Request;
import coterie.actors.live.PageServer.Response;
import coterie.scenarios.config.InputException;
import coterie.scenarios.listing.FoundRun;
import coterie.scenarios.listing.ListingPage;
import coterie.scenarios.listing.RunListing;
import coterie.scenarios.report.Page;
import coterie.scenarios.report.RunComparison;
import coterie.scenarios.report.RunPage;
import coterie.topology.files.FileProblems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pages of the runs at and below a folder, made from their files when they are requested.
 *
 * <p>The page of a run is at its name and {@code report.html}, as the file lies in the folder, so that links between
 * pages are those between files. {@code /compare?run=NAME&run=NAME} compares runs. Names are those of the list: a
 * request for any other one finds nothing, whatever lies there.
 */
public final class RunPages implements PageServer.Pages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LIST_DATA = "runs.json";
    private static final String RUN_PAGE = "report.html";
    private static final String RUN_DATA = "data.json";
    private static final String COMPARISON = "compare";

    private final Path folder;

    /** @param folder that contains runs, or is one */
    public RunPages(Path folder) {
        this.folder = folder;
    }

    @Override
    public Response get(Request request) {
        List<String> path = request.path();
        if (path.isEmpty()) {
            return page(list());
        }
        if (path.equals(List.of(LIST_DATA))) {
            return new Response(true, list().toString());
        }
        if (path.equals(List.of(COMPARISON))) {
            return comparison(request);
        }
        String what = path.get(path.size() - 1);
        if (!what.equals(RUN_PAGE) && !what.equals(RUN_DATA)) {
            return null;
        }
        Optional<ObjectNode> run =
                find(String.join("/", path.subList(0, path.size() - 1))).map(RunPages::run);
        return run.map(r -> what.equals(RUN_PAGE) ? page(r) : new Response(true, r.toString()))
                .orElse(null);
    }

    private Optional<FoundRun> find(String name) {
        return RunListing.find(folder, name);
    }

    private static Response page(ObjectNode data) {
        return new Response(false, Page.of(data.path("title").asText(), data));
    }

    private ObjectNode list() {
        return ListingPage.json(RunListing.of(folder), folder);
    }

    /** The report of a run, or why there is none. */
    private static ObjectNode run(FoundRun run) {
        String problem = run.problem();
        ObjectNode data = JSON.createObjectNode();
        // Nothing can be read if this is damaged, and a failed run has results until it failed.
        if (!run.isDamaged()) {
            try {
                data = run.hasEnded() ? RunPage.data(run.folder()) : RunPage.begun(run.folder());
            } catch (InputException e) {
                problem = e.getMessage();
            } catch (IOException e) {
                problem = FileProblems.tell(e);
            } catch (RuntimeException e) {
                problem = run.folder() + ": its files are not as a run writes them";
            }
        }
        if (!data.has("title")) {
            data.put("title", run.folder().toString());
        }
        data.put("kind", "served");
        data.putObject("served").put("status", run.status()).put("problem", problem);
        return data;
    }

    private Response comparison(Request request) {
        List<Path> named = new ArrayList<>();
        for (String name : request.all("run")) {
            Optional<FoundRun> run = find(name);
            if (run.isEmpty()) {
                return null;
            }
            named.add(run.get().folder());
        }
        if (named.isEmpty()) {
            return null;
        }
        try {
            List<Path> runs = RunComparison.withBaselines(named);
            List<String> names =
                    runs.stream().map(r -> RunListing.name(folder, r)).toList();
            String against = request.all("against").stream().findFirst().orElse(RunListing.name(folder, named.get(0)));
            if (!names.contains(against)) {
                return null;
            }
            ObjectNode data = RunComparison.of(
                            "Comparison of " + runs.size() + " runs", runs, runs.get(names.indexOf(against)))
                    .json(folder);
            data.put("kind", "servedComparison");
            ObjectNode served = data.putObject("served").put("against", against);
            names.forEach(served.putArray("names")::add);
            ArrayNode asked = served.putArray("asked");
            request.all("run").forEach(asked::add);
            return page(data);
        } catch (InputException e) {
            return page(cannot(e.getMessage()));
        } catch (IOException e) {
            return page(cannot(FileProblems.tell(e)));
        } catch (RuntimeException e) {
            return page(cannot("the files of one of these runs are not as a run writes them"));
        }
    }

    private static ObjectNode cannot(String problem) {
        ObjectNode data = JSON.createObjectNode().put("kind", "served").put("title", "These runs cannot be compared");
        data.putObject("served").put("status", "").put("problem", problem);
        return data;
    }
}
