package coterie.scenarios.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.actors.clock.RunFailedException;
import coterie.actors.clock.RunObserver;
import coterie.actors.clock.RunResult;
import coterie.actors.event.Observation;
import coterie.actors.user.SimulationConfig;
import coterie.model.files.AtomicFiles;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.UserGroup;
import coterie.scenarios.learner.Mixtures;
import coterie.scenarios.learner.TextSample;
import coterie.scenarios.report.RunPage;
import coterie.scenarios.report.RunParticipants;
import coterie.scenarios.report.RunReport;
import coterie.scenarios.results.LiveProgress;
import coterie.scenarios.results.Manifest;
import coterie.scenarios.results.Progress;
import coterie.scenarios.results.RecordHashes;
import coterie.scenarios.results.Recorder;
import coterie.scenarios.results.Records;
import coterie.scenarios.results.ResultFiles;
import coterie.scenarios.results.Statistics;
import coterie.scenarios.results.Status;
import coterie.scenarios.results.Summary;
import coterie.scenarios.results.TrustInAttackers;
import coterie.scenarios.results.UtilityFigures;
import coterie.scenarios.tracking.Trackers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The result files of a run: lines while it goes, summary, models and page when it ends. */
final class RunRecording implements RunObserver, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(RunRecording.class);
    /** Users whose divergence is logged; results have all. */
    private static final int MOST_TOLD = 5;

    private static final long WALL_NANOS = 100_000_000L;
    private final RunFolder run;
    private final Path folder;
    private final Loaded loaded;
    private final SimulationConfig config;
    private final CheckpointFile saved;
    private final RunParticipants cast;
    private final long begin = System.nanoTime();
    private final double before;
    private final Statistics statistics;
    private final UtilityFigures utility;
    private final RunReport report;
    private final LiveProgress live;
    private final Trackers trackers;
    private final Recorder recorder;
    private final CheckpointFiles checkpoints;
    private final Progress progress;
    private long timed = begin;

    /**
     * Begins the result files of a run, or goes on with them from its checkpoint.
     *
     * @param display where progress is shown; null for nowhere
     */
    RunRecording(RunFolder run, RunBackend backend, SimulationConfig config, RunHost.Display display)
            throws IOException {
        this.run = run;
        this.config = config;
        folder = run.path();
        loaded = run.loaded();
        saved = run.checkpoint();
        Manifest.retract(folder);
        Scenario s = loaded.scenario();
        before = saved == null ? 0 : saved.wallSeconds();
        TrustInAttackers attacked = TrustInAttackers.of(s);
        statistics = new Statistics(
                config.task(),
                UserGroup.groups(s),
                attacked,
                config.trainingUsers(),
                config.target(),
                config.schedule().turns());
        List<String> categories = backend.dataset().categories();
        cast = RunParticipants.of(categories, Mixtures.overTime(loaded, categories), config, UserGroup.groups(s));
        // An interrupted run has one, which would not know what comes now.
        Files.deleteIfExists(folder.resolve("summary.json"));
        cast.write(folder, backend.dataset());
        utility = new UtilityFigures(cast.data());
        report = new RunReport(cast, config.task(), attacked.mixesByRow());
        live = new LiveProgress(config.task(), config.users());
        recorder = new Recorder(
                folder,
                config.task(),
                cast::mixture,
                s.record().messages(),
                s.record().utility() > 0,
                saved == null ? null : saved.files(),
                before);
        progress = display == null
                ? null
                : new Progress(display.out(), display.terminal(), display.part(), label(), turns(), statistics);
        try {
            checkpoints = new CheckpointFiles(run.checkpointFolder(), run.identity(), s.checkpoints(), recorder, saved);
            trackers = new Trackers(loaded, folder, saved != null);
        } catch (IOException | RuntimeException e) {
            recorder.close();
            throw e;
        }
    }

    /** Feeds statistics, report and trackers what was recorded until the checkpoint; nothing if the run begins. */
    void replay() throws IOException {
        if (saved == null) {
            return;
        }
        Records.read(
                folder,
                config.task(),
                o -> {
                    statistics.observed(o);
                    utility.observed(o);
                    report.observed(o);
                    trackers.seen(o);
                },
                problem -> {
                    throw new RunFailedException(folder + ": " + problem, null);
                });
        Records.timing(folder, report::wall);
    }

    private String label() {
        return loaded.scenario().name() + " "
                + loaded.scenario().collaboration().strategy().label();
    }

    private long turns() {
        return (long) config.users() * config.schedule().turns();
    }

    RunWatcher.View view() {
        return new RunWatcher.View(
                folder,
                label(),
                turns(),
                loaded.scenario().time().clock() == Scenario.Clock.VIRTUAL,
                report,
                live,
                recorder::save);
    }

    private double wallSeconds() {
        return before + (System.nanoTime() - begin) / 1e9;
    }

    CheckpointFiles checkpoints() {
        return checkpoints;
    }

    Statistics statistics() {
        return statistics;
    }

    @Override
    public void observed(Observation o) {
        recorder.observed(o);
        statistics.observed(o);
        utility.observed(o);
        report.observed(o);
        live.observed(o);
        trackers.observed(o);
        long now = System.nanoTime();
        if (now - timed >= WALL_NANOS) {
            timed = now;
            report.wall(wallSeconds());
        }
        if (o instanceof Observation.Diverged d) {
            tell(d);
        }
        if (progress != null) {
            progress.observed(o);
        }
    }

    private void tell(Observation.Diverged d) {
        int n = statistics.diverged().size();
        if (n > MOST_TOLD) {
            return;
        }
        if (progress != null) {
            progress.finish();
        }
        LOG.warn(
                "{}: training has diverged: {}, at {} virtual seconds{}{}",
                label(),
                Status.inWords(List.of(d)),
                d.seconds(),
                config.endsOnDivergence()
                        ? "; the run ends with it (training.on_divergence: stop)"
                        : "; its training ends, the others go on",
                n == MOST_TOLD ? "; further ones are not logged" : "");
    }

    /**
     * Writes the remaining files, then {@code manifest.json}, and {@code summary.json} last: if there is a summary, all
     * other files are whole and on disk.
     */
    void ended(RunResult result, RunBackend backend) throws IOException {
        recorder.close();
        RecordHashes records = RecordHashes.of(folder, result.traceHash());
        double wall = wallSeconds();
        List<RunResult.End> users = result.users();
        AtomicFiles.Group models = new AtomicFiles.Group();
        for (int u = 0; u < users.size(); u++) {
            if (users.get(u).parameters() != null) {
                backend.write(folder, loaded, u, users.get(u).parameters(), models);
            }
        }
        models.force();
        String summary = Summary.of(
                loaded,
                config,
                new Summary.Figures(statistics, utility, cast.data()),
                new Summary.Ended(
                        result,
                        wall,
                        run.time().seconds(),
                        backend.device(),
                        backend.engine(),
                        saves(records),
                        run.provenance(backend)));
        // A person who interrupts a run should not have to wait for text.
        List<TextSample> samples = result.completed()
                ? backend.samples(
                        loaded, users.stream().map(RunResult.End::parameters).toList())
                : List.of();
        AtomicFiles.write(
                folder.resolve("samples.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(samples) + "\n");
        report.wall(wall);
        RunPage.write(folder, label(), report, summary);
        trackers.ended(JSON.readTree(summary), report);
        Manifest.write(folder, records, summary);
        AtomicFiles.write(folder.resolve(ResultFiles.SUMMARY), summary);
    }

    private Summary.Checkpoints saves(RecordHashes records) {
        return new Summary.Checkpoints(
                checkpoints.count(),
                checkpoints.bytes(),
                checkpoints.seconds(),
                saved == null ? null : saved.path().getFileName().toString(),
                records);
    }

    @Override
    public void close() throws IOException {
        if (progress != null) {
            progress.finish();
        }
        try (recorder;
                trackers) {
            // Closes both, even if one fails.
        }
    }
}
