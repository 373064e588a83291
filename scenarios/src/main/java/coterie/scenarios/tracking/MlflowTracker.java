package coterie.scenarios.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import coterie.actors.event.Observation;
import coterie.model.files.AtomicFiles;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.report.RunReport;
import coterie.scenarios.results.TrustInAttackers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MLflow run on the server that {@code MLFLOW_TRACKING_URI} names: settings as parameters; metrics by iterations,
 * the mean over users and, if there are not too many, each user; the mean and trust in attackers by seconds of virtual
 * time; the numbers of the summary at the end. The server must answer when the run begins. If it is unavailable later,
 * the run goes on, and values are sent again until the end.
 */
final class MlflowTracker implements Tracker {
    private static final String URI = "MLFLOW_TRACKING_URI";
    private static final String EXPERIMENT = "MLFLOW_EXPERIMENT_NAME";
    private static final int MOST_USERS = 50;
    private static final int BATCH = 500;
    private static final int PARAMS = 100;
    private static final int LONGEST = 500;
    private static final int MOST_WAITING = 1_000_000;
    private static final long PAUSE_MILLIS = 2000;
    private static final Logger LOG = LoggerFactory.getLogger(MlflowTracker.class);
    private final MlflowClient client;
    private final String run;
    private final int users;
    /** Users that train. */
    private final int training;

    private final Task task;
    private final long begin = System.currentTimeMillis();
    /** By metric and iteration. */
    private final Map<Metric, Map<Integer, UserMean>> means = new HashMap<>();

    private final TimeMeans byTime;
    private final AttackMeans attackers;
    /** Whether the server has the values already. */
    private boolean replays;

    private final List<Service.Metric> waiting = new ArrayList<>();
    private final Thread sender;
    private boolean away;
    private boolean closing;
    private boolean ended;
    private long lost;

    /**
     * The server's address.
     *
     * @throws InputException if the environment does not name one
     */
    static String server(Loaded loaded) {
        String uri = Optional.ofNullable(System.getenv(URI)).orElse(System.getProperty(URI));
        if (uri == null || uri.isBlank()) {
            throw new InputException(loaded.at("tracking") + ": mlflow: the environment variable " + URI
                    + " must name the server, for instance http://localhost:5000");
        }
        return uri;
    }

    MlflowTracker(Loaded loaded, Path folder, boolean goesOn) throws IOException {
        String uri = server(loaded);
        users = loaded.scenario().users();
        training = Trackers.training(loaded.scenario());
        task = loaded.scenario().task();
        TrustInAttackers trust = TrustInAttackers.of(loaded.scenario());
        byTime = new TimeMeans(
                task,
                users,
                trust.adversaries(),
                (m, honest, seconds, mean) ->
                        byTime(m.name() + (honest ? "_honest_by_time" : "_by_time"), seconds, mean));
        attackers = new AttackMeans(trust, users, (name, seconds, mean) -> byTime("attackers/" + name, seconds, mean));
        client = new MlflowClient(uri);
        Path file = folder.resolve("mlflow.json");
        try {
            if (goesOn && Files.exists(file)) {
                run = new ObjectMapper()
                        .readTree(Files.readAllBytes(file))
                        .path("run_id")
                        .asText();
                // The client has no other way to set the status of a run.
                client.setTerminated(run, RunStatus.RUNNING);
            } else {
                run = begin(loaded, folder);
                AtomicFiles.write(
                        file,
                        "{\"tracking_uri\": " + new ObjectMapper().writeValueAsString(uri) + ", \"run_id\": \"" + run
                                + "\"}\n");
            }
        } catch (MlflowClientException e) {
            throw new InputException(loaded.at("tracking") + ": mlflow: " + uri + " cannot be used: " + e.getMessage());
        }
        sender = new Thread(this::send, "mlflow");
        sender.setDaemon(true);
        sender.start();
    }

    private String begin(Loaded loaded, Path folder) {
        String name = Optional.ofNullable(System.getenv(EXPERIMENT)).orElse("coterie");
        String experiment = client.getExperimentByName(name)
                .map(Experiment::getExperimentId)
                .orElseGet(() -> client.createExperiment(name));
        String id = client.createRun(experiment).getRunId();
        List<Param> params = new ArrayList<>();
        Flat.of(loaded.resolved()).forEach((key, value) -> {
            String text = value.isTextual() ? value.asText() : value.toString();
            params.add(Param.newBuilder()
                    .setKey(key)
                    .setValue(text.substring(0, Math.min(LONGEST, text.length())))
                    .build());
        });
        RunTag title = RunTag.newBuilder()
                .setKey("mlflow.runName")
                .setValue(loaded.scenario().name() + "-" + loaded.scenario().seed() + " "
                        + loaded.scenario().collaboration().strategy().label())
                .build();
        RunTag place = RunTag.newBuilder()
                .setKey("coterie.folder")
                .setValue(folder.toAbsolutePath().toString())
                .build();
        for (int at = 0; at < params.size(); at += PARAMS) {
            client.logBatch(
                    id, List.of(), params.subList(at, Math.min(params.size(), at + PARAMS)), List.of(title, place));
        }
        return id;
    }

    @Override
    public void observed(Observation o) {
        byTime.observed(o);
        attackers.observed(o);
        if (!(o instanceof Observation.Evaluated e)) {
            return;
        }
        for (Metric m : task.reported()) {
            double value = e.values().get(task.indexOf(m));
            if (!Double.isFinite(value)) {
                continue;
            }
            if (users <= MOST_USERS) {
                add(m.name() + "/user-" + e.user(), e.seconds(), e.iteration(), value);
            }
            UserMean mean = mean(m, e.iteration());
            if (mean.add(e.user(), value) && mean.count() == training) {
                add(m.name(), e.seconds(), e.iteration(), mean.mean());
            }
        }
    }

    /** The server has these values already; the means must go on. */
    @Override
    public void seen(Observation o) {
        replays = true;
        byTime.observed(o);
        attackers.observed(o);
        replays = false;
        if (!(o instanceof Observation.Evaluated e)) {
            return;
        }
        for (Metric m : task.reported()) {
            double value = e.values().get(task.indexOf(m));
            if (Double.isFinite(value)) {
                mean(m, e.iteration()).add(e.user(), value);
            }
        }
    }

    private void byTime(String key, double seconds, double value) {
        if (!replays) {
            add(key, seconds, (long) seconds, value);
        }
    }

    private UserMean mean(Metric metric, int iteration) {
        return means.computeIfAbsent(metric, k -> new HashMap<>()).computeIfAbsent(iteration, k -> new UserMean());
    }

    private synchronized void add(String key, double seconds, long step, double value) {
        if (waiting.size() < MOST_WAITING) {
            waiting.add(Service.Metric.newBuilder()
                    .setKey(key)
                    .setValue(value)
                    .setStep(step)
                    .setTimestamp(begin + Math.round(1000 * seconds))
                    .build());
        } else {
            lost++;
        }
    }

    /** Sends values in batches, so that the run does not wait for the server. */
    private void send() {
        while (true) {
            List<Service.Metric> batch;
            synchronized (this) {
                batch = new ArrayList<>(waiting.subList(0, Math.min(BATCH, waiting.size())));
                if (batch.isEmpty() && closing) {
                    return;
                }
            }
            boolean sent = batch.isEmpty() || sent(batch);
            synchronized (this) {
                if (sent) {
                    waiting.subList(0, batch.size()).clear();
                } else if (closing) {
                    return;
                }
                if (!closing && (batch.size() < BATCH || !sent)) {
                    pause();
                }
            }
        }
    }

    /** Must be called with the lock held. A spurious wake-up only makes a batch smaller. */
    @SuppressWarnings("WaitNotInLoop")
    private void pause() {
        try {
            wait(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    private boolean sent(List<Service.Metric> batch) {
        try {
            client.logBatch(run, batch, List.of(), List.of());
            away = false;
            return true;
        } catch (RuntimeException e) {
            if (!away) {
                LOG.warn(
                        "the MLflow server does not answer; the run goes on, and it is told later: {}", e.getMessage());
            }
            away = true;
            return false;
        }
    }

    @Override
    public void ended(JsonNode summary, RunReport report) {
        byTime.close();
        attackers.close();
        double at = summary.path("virtual_seconds").asDouble();
        Flat.of(summary).forEach((key, value) -> {
            if (value.isNumber() && !key.startsWith("provenance.")) {
                add("end/" + key.replace('.', '/'), at, 0, value.asDouble());
            }
        });
        end(
                switch (summary.path("status").asText()) {
                    case "interrupted" -> RunStatus.KILLED;
                    case "diverged" -> RunStatus.FAILED;
                    default -> RunStatus.FINISHED;
                });
    }

    private void end(RunStatus status) {
        ended = true;
        finish();
        try {
            client.setTerminated(run, status);
        } catch (RuntimeException e) {
            LOG.warn("the MLflow server was not told that the run has ended: {}", e.getMessage());
        }
    }

    private void finish() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long left = waiting.size() + lost;
        if (left > 0) {
            LOG.warn("{} numbers could not be told to the MLflow server; all of them are in the run's own files", left);
            waiting.clear();
            lost = 0;
        }
    }

    @Override
    public void close() {
        if (!ended) {
            end(RunStatus.FAILED);
        }
        client.close();
    }
}
