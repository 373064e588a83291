package coterie.scenarios.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import coterie.actors.event.Observation;
import coterie.model.files.AtomicFiles;
import coterie.model.files.Folders;
import coterie.model.task.Metric;
import coterie.model.task.Task;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.report.RunReport;
import coterie.scenarios.results.TrustInAttackers;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * {@code tensorboard/}: metrics and training loss by iterations, the mean over users and, if there are not too many,
 * each user; the mean of each metric by seconds of virtual time; staleness; trust in attackers; trust matrices as
 * images; settings and final metrics as hyper-parameters. Events are dated by virtual time from the beginning of the
 * run, which TensorBoard's relative axis shows.
 */
final class TensorBoardTracker implements Tracker {
    private static final int MOST_USERS = 100;
    private static final int PIXELS = 512;
    private static final String HPARAMS = "hparams";

    private final Loaded loaded;
    private final int users;
    /** Users that train. */
    private final int training;

    private final double begin = System.currentTimeMillis() / 1000.0;
    private final Path path;
    private final EventFile file;
    private final Task task;
    private final Map<Metric, Map<Integer, UserMean>> metrics = new HashMap<>();
    private final Map<Integer, UserMean> trainingLoss = new HashMap<>();
    private final Map<Integer, UserMean> staleness = new HashMap<>();
    private final TimeMeans byTime;
    private final AttackMeans attackers;

    TensorBoardTracker(Loaded loaded, Path folder) throws IOException {
        this.loaded = loaded;
        users = loaded.scenario().users();
        training = Trackers.training(loaded.scenario());
        task = loaded.scenario().task();
        TrustInAttackers trust = TrustInAttackers.of(loaded.scenario());
        byTime = new TimeMeans(task, users, trust.adversaries(), this::byTime);
        attackers = new AttackMeans(trust, users, (name, seconds, mean) -> byTime("attackers/" + name, seconds, mean));
        Path at = folder.resolve("tensorboard");
        Folders.create(at);
        // A resumed run sends everything again.
        try (Stream<Path> old = Files.list(at)) {
            for (Path p : old.filter(f -> f.getFileName().toString().startsWith("events.out.tfevents."))
                    .toList()) {
                Files.delete(p);
            }
        }
        path = at.resolve("events.out.tfevents." + (long) begin + ".coterie");
        file = new EventFile(path, begin);
        file.plugin("_hparams_/session_start_info", begin, HPARAMS, sessionStart());
    }

    @Override
    public void observed(Observation o) {
        try {
            byTime.observed(o);
            attackers.observed(o);
            if (o instanceof Observation.Evaluated e) {
                evaluated(e);
            } else if (o instanceof Observation.TurnEnded t && Double.isFinite(t.trainingLoss())) {
                own("training_loss", t.user(), t.seconds(), t.iteration(), t.trainingLoss());
                mean("training_loss/mean", trainingLoss, t, t.iteration(), t.trainingLoss());
            } else if (o instanceof Observation.Mixed m && m.row().users().length > 1) {
                double sum = 0;
                for (int age : m.row().ages()) {
                    sum += age;
                }
                mean(
                        "staleness/versions",
                        staleness,
                        m,
                        m.turn(),
                        sum / (m.row().users().length - 1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void evaluated(Observation.Evaluated e) throws IOException {
        for (Metric m : task.reported()) {
            double value = e.values().get(task.indexOf(m));
            if (Double.isFinite(value)) {
                own(m.name(), e.user(), e.seconds(), e.iteration(), value);
                Map<Integer, UserMean> means = metrics.computeIfAbsent(m, k -> new HashMap<>());
                mean(m.name() + "/mean", means, e, e.iteration(), value);
            }
        }
    }

    private void own(String name, int user, double seconds, int step, double value) throws IOException {
        if (users <= MOST_USERS) {
            file.scalar(name + "/user-" + user, begin + seconds, step, value);
        }
    }

    /** Writes the mean once all users that train are in it. */
    private void mean(String tag, Map<Integer, UserMean> all, Observation of, int step, double value)
            throws IOException {
        UserMean m = all.computeIfAbsent(step, k -> new UserMean());
        if (m.add(of.user(), value) && m.count() == training) {
            file.scalar(tag, begin + of.seconds(), step, m.mean());
            file.flush();
        }
    }

    private void byTime(Metric metric, boolean honest, double seconds, double mean) {
        byTime(metric.name() + (honest ? "/honest_mean_by_time" : "/mean_by_time"), seconds, mean);
    }

    private void byTime(String tag, double seconds, double value) {
        try {
            file.scalar(tag, begin + seconds, (long) seconds, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ByteString sessionStart() {
        return EventFile.message(data -> data.writeBytes(3, EventFile.message(start -> {
            for (Map.Entry<String, JsonNode> e : Flat.of(loaded.resolved()).entrySet()) {
                JsonNode v = e.getValue();
                if (v.isNull()) {
                    continue;
                }
                start.writeBytes(1, EventFile.message(entry -> {
                    entry.writeString(1, e.getKey());
                    entry.writeBytes(2, EventFile.message(value -> {
                        if (v.isNumber()) {
                            value.writeDouble(2, v.asDouble());
                        } else if (v.isBoolean()) {
                            value.writeBool(4, v.asBoolean());
                        } else {
                            value.writeString(3, v.isTextual() ? v.asText() : v.toString());
                        }
                    }));
                }));
            }
            start.writeString(4, loaded.scenario().name());
            start.writeDouble(5, begin);
        })));
    }

    @Override
    public void ended(JsonNode summary, RunReport report) throws IOException {
        byTime.close();
        attackers.close();
        report.trustPictures((seconds, size, weights) -> file.image(
                "trust/matrix", begin + seconds, Math.round(seconds), PIXELS, PIXELS, picture(size, weights)));
        for (Metric m : task.reported()) {
            JsonNode mean = summary.path(m.name()).path("mean");
            if (mean.isNumber()) {
                file.scalar(
                        m.name() + "/end",
                        begin + summary.path("virtual_seconds").asDouble(),
                        0,
                        mean.asDouble());
            }
        }
        boolean whole = summary.path("status").asText().equals("completed");
        file.plugin(
                "_hparams_/session_end_info",
                begin,
                HPARAMS,
                EventFile.message(data -> data.writeBytes(4, EventFile.message(end -> {
                    end.writeEnum(1, whole ? 1 : 2);
                    end.writeDouble(2, System.currentTimeMillis() / 1000.0);
                }))));
        file.flush();
        AtomicFiles.force(path);
    }

    /** Rows trust columns; darker is more. */
    private static byte[] picture(int size, double[] weights) throws IOException {
        double most = 1e-9;
        for (double w : weights) {
            most = Math.max(most, w);
        }
        BufferedImage image = new BufferedImage(PIXELS, PIXELS, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < PIXELS; y++) {
            for (int x = 0; x < PIXELS; x++) {
                double w = weights[y * size / PIXELS * size + x * size / PIXELS] / most;
                int red = (int) Math.round(246 - 234 * w);
                int green = (int) Math.round(247 - 205 * w);
                int blue = (int) Math.round(249 - 172 * w);
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
