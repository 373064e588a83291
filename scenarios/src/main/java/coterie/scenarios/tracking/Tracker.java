package coterie.scenarios.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.actors.clock.RunObserver;
import coterie.actors.event.Observation;
import coterie.scenarios.report.RunReport;
import java.io.IOException;

/**
 * Sends results to another tool during a run. An exception ends the run: a tracker that depends on a server should log
 * its failures instead. Called by one thread at a time.
 */
public interface Tracker extends RunObserver, AutoCloseable {
    /** An observation from before a run was resumed; for trackers that write everything again. */
    default void seen(Observation o) {
        observed(o);
    }

    /**
     * The run has ended; its files are in its folder. Files that the tracker leaves there must be complete and on disk
     * when this returns, because the run's manifest has their hashes.
     */
    void ended(JsonNode summary, RunReport report) throws IOException;

    /** Releases resources; {@link #ended} need not have been called. */
    @Override
    void close() throws IOException;
}
