package coterie.scenarios.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.actors.event.Observation;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.Tracking;
import coterie.scenarios.report.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All trackers of a scenario as one. */
public final class Trackers implements Tracker {
    private final List<Tracker> all = new ArrayList<>();

    /**
     * Opens the trackers.
     *
     * @param folder of the run
     * @param goesOn whether the run is resumed
     * @throws IOException if a tracker cannot write or reach its server
     */
    public Trackers(Loaded loaded, Path folder, boolean goesOn) throws IOException {
        try {
            for (Tracking t : loaded.scenario().tracking().stream().distinct().toList()) {
                all.add(
                        switch (t) {
                            case TENSORBOARD -> new TensorBoardTracker(loaded, folder);
                            case MLFLOW -> new MlflowTracker(loaded, folder, goesOn);
                            case CSV, PARQUET -> new TableTracker(folder, t);
                        });
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** @throws InputException if a tracker lacks what it needs to begin */
    public static void check(Loaded loaded) {
        if (loaded.scenario().tracking().contains(Tracking.MLFLOW)) {
            MlflowTracker.server(loaded);
        }
    }

    /** Number of users that train: a server does not, and is not evaluated. */
    static int training(Scenario s) {
        return s.users() - (s.collaboration().method().server().isPresent() ? 1 : 0);
    }

    @Override
    public void observed(Observation o) {
        all.forEach(t -> t.observed(o));
    }

    @Override
    public void seen(Observation o) {
        all.forEach(t -> t.seen(o));
    }

    @Override
    public void ended(JsonNode summary, RunReport report) throws IOException {
        for (Tracker t : all) {
            t.ended(summary, report);
        }
    }

    @Override
    public void close() throws IOException {
        for (Tracker t : all) {
            t.close();
        }
    }
}
