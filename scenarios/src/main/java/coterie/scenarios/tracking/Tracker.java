package coterie.scenarios.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import coterie.actors.clock.RunObserver;
import coterie.actors.event.Observation;
import coterie.scenarios.report.RunReport;
import java.io.IOException;

/**
 * Takes results to another tool while a run goes. What it throws ends the run; whoever depends on others, a server say,
 * had better say so and go on. Called by one thread at a time.
 */
public interface Tracker extends RunObserver, AutoCloseable {
    /** Something that was observed before, of a run that goes on; for those who write anew what they write. */
    default void seen(Observation o) {
        observed(o);
    }

    /**
     * The run has ended, and this is its summary. Its files are in its folder. What the tracker leaves in that folder
     * is whole and on disk when this returns, for its hash goes into the run's manifest.
     */
    void ended(JsonNode summary, RunReport report) throws IOException;

    /** Lets go of what it holds; {@link #ended} need not have been called. */
    @Override
    void close() throws IOException;
}
