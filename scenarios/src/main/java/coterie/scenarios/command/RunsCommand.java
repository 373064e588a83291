package coterie.scenarios.command;

import coterie.scenarios.config.InputException;
import coterie.scenarios.listing.ListingText;
import coterie.scenarios.listing.RunListing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie runs}: lists the runs in a folder, and deletes, moves and packs them. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        description = "List the runs in a folder, baselines and studies' runs included: strategy, settings that"
                + " differ, result, status (completed, diverged, gone, interrupted, running, failed, unfinished,"
                + " damaged),"
                + " when they began, how long they took.",
        subcommands = {RunsRmCommand.class, RunsMoveCommand.class, RunsPackCommand.class, RunsUnpackCommand.class})
final class RunsCommand implements Callable<Integer> {
    /** Output formats. */
    enum Format {
        TABLE,
        CSV,
        JSON
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            description = "folder of a run, or a folder that contains runs (default: runs)")
    private Path folder = Path.of("runs");

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            description = "order of the list: a column, or any setting (default: the folder's name)")
    private String sort;

    @Option(names = "--descending", description = "the largest value of --sort first")
    private boolean descending;

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            description = "list only runs with this value of a column or setting, for instance status=completed or"
                    + " time.loss=0.1; may be repeated")
    private List<String> filters = new ArrayList<>();

    @Option(names = "--format", defaultValue = "TABLE", description = "table, csv or json (default: table)")
    private Format format;

    @Override
    public Integer call() {
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + " is no folder; usage: coterie runs [DIR]");
        }
        RunListing listing = RunListing.of(folder);
        if (listing.size() == 0) {
            throw new InputException("there is no run (no scenario.yaml) in " + folder);
        }
        for (String filter : filters) {
            listing = listing.filtered(filter);
        }
        if (sort != null) {
            listing = listing.sorted(sort, descending);
        } else if (descending) {
            throw new InputException("--descending needs --sort COLUMN");
        }
        System.out.print(
                switch (format) {
                    case TABLE -> ListingText.table(listing);
                    case CSV -> ListingText.csv(listing);
                    case JSON -> ListingText.json(listing);
                });
        listing.problems().forEach(p -> System.err.println("coterie: " + p));
        return 0;
    }
}
