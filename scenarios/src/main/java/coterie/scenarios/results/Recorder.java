package coterie.scenarios.results;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import coterie.actors.clock.RunObserver;
import coterie.actors.event.Observation;
import coterie.model.aggregation.Influence;
import coterie.model.files.Folders;
import coterie.model.task.Task;
import coterie.model.trust.TrustRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes {@code turns.jsonl}, {@code evaluations.jsonl}, {@code trust.jsonl}, {@code events.jsonl},
 * {@code messages.jsonl} and {@code utility.jsonl}: one line per observation, in the order of virtual time.
 * {@link Records} reads them. {@code timing.jsonl} holds wall-clock time per virtual time; it is the only file that
 * differs between equal runs.
 */
public final class Recorder implements RunObserver, AutoCloseable {
    private static final long FLUSH_NANOS = 1_000_000_000L;
    private static final JsonFactory JSON =
            new JsonFactoryBuilder().rootValueSeparator((String) null).build();
    private final Path folder;
    private final Task task;
    private final DataWords words;
    private final Map<String, FileHash> kept;
    private final Map<String, ResultFile> files = new LinkedHashMap<>();
    private final JsonGenerator turns;
    private final JsonGenerator evaluations;
    private final JsonGenerator trust;
    private final JsonGenerator events;
    private final JsonGenerator messages;
    private final JsonGenerator utility;
    private final JsonGenerator timing;
    private final double wallBefore;
    private final long begun = System.nanoTime();
    private long flushed = begun;
    private double seconds;

    /** Describes users' data for people. */
    public interface DataWords {
        /** Returns the mixture of a user's data in a phase: {@code french 75 %, italian 25 %}. */
        String mixture(int user, int phase);
    }

    /**
     * Begins the files, or goes on with them.
     *
     * @param task names the values of evaluations
     * @param words describes users' data where it changes
     * @param withMessages whether messages are recorded
     * @param withUtility whether the utility of neighbours is measured
     * @param kept valid content of each file, by name; the rest is cut off; null to begin
     * @param wallBefore wall-clock seconds before this process
     * @throws IOException if a file cannot be written, or valid content is missing
     */
    public Recorder(
            Path folder,
            Task task,
            DataWords words,
            boolean withMessages,
            boolean withUtility,
            Map<String, FileHash> kept,
            double wallBefore)
            throws IOException {
        this.folder = folder;
        this.task = task;
        this.words = words;
        this.kept = kept;
        this.wallBefore = wallBefore;
        try {
            turns = open("turns.jsonl");
            evaluations = open("evaluations.jsonl");
            trust = open("trust.jsonl");
            events = open("events.jsonl");
            messages = withMessages ? open("messages.jsonl") : null;
            utility = withUtility ? open("utility.jsonl") : null;
            timing = open("timing.jsonl");
        } catch (IOException e) {
            for (ResultFile f : files.values()) {
                f.close();
            }
            throw e;
        }
    }

    private JsonGenerator open(String name) throws IOException {
        ResultFile file = new ResultFile(folder.resolve(name), kept == null ? null : kept.get(name));
        files.put(name, file);
        return JSON.createGenerator(file);
    }

    /**
     * Forces all observations to disk. Must be called by the thread that calls {@link #observed}.
     *
     * @return the content of each file, by name
     */
    public synchronized Map<String, FileHash> force() throws IOException {
        flush();
        Map<String, FileHash> all = new LinkedHashMap<>();
        for (Map.Entry<String, ResultFile> f : files.entrySet()) {
            f.getValue().force();
            all.put(f.getKey(), f.getValue().extent());
        }
        Folders.force(folder);
        return all;
    }

    /** Writes all observations to the files now. */
    public synchronized void save() {
        try {
            if (!turns.isClosed()) {
                flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void observed(Observation o) {
        try {
            if (o instanceof Observation.TurnEnded t) {
                turn(t);
            } else if (o instanceof Observation.Evaluated e) {
                evaluation(e);
            } else if (o instanceof Observation.Mixed m) {
                mixed(m);
            } else if (o instanceof Observation.Sent m) {
                sent(m);
            } else if (o instanceof Observation.Received m) {
                received(m);
            } else if (o instanceof Observation.Utility m) {
                UtilityLines.write(utility, m);
            } else {
                event(o);
            }
            seconds = o.seconds();
            if (System.nanoTime() - flushed > FLUSH_NANOS) {
                time();
                flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void time() throws IOException {
        timing.writeStartObject();
        timing.writeNumberField("wall_seconds", wallBefore + (System.nanoTime() - begun) / 1e9);
        timing.writeNumberField("virtual_seconds", seconds);
        end(timing);
    }

    private void turn(Observation.TurnEnded t) throws IOException {
        turns.writeStartObject();
        turns.writeNumberField("virtual_seconds", t.seconds());
        turns.writeNumberField("user", t.user());
        turns.writeNumberField("turn", t.turn());
        turns.writeNumberField("started", t.started());
        turns.writeNumberField("iteration", t.iteration());
        number(turns, "training_loss", t.trainingLoss());
        turns.writeNumberField("tokens", t.tokens());
        turns.writeBooleanField("participated", t.tookPart());
        turns.writeNumberField("messages_sent", t.sent().messages());
        turns.writeNumberField("messages_lost", t.sent().lost());
        turns.writeNumberField("parameter_bytes", t.sent().parameterBytes());
        turns.writeNumberField("prediction_bytes", t.sent().predictionBytes());
        turns.writeBooleanField("collaborative", t.collaborative());
        turns.writeStringField("parameters_hash", String.format("%016x", t.hash()));
        end(turns);
    }

    private void evaluation(Observation.Evaluated e) throws IOException {
        evaluations.writeStartObject();
        evaluations.writeNumberField("virtual_seconds", e.seconds());
        evaluations.writeNumberField("user", e.user());
        evaluations.writeNumberField("iteration", e.iteration());
        evaluations.writeNumberField("turn", e.turn());
        for (int k = 0; k < task.size(); k++) {
            number(evaluations, task.metrics().get(k).name(), e.values().get(k));
        }
        end(evaluations);
    }

    private void mixed(Observation.Mixed m) throws IOException {
        trust.writeStartObject();
        trust.writeNumberField("virtual_seconds", m.seconds());
        trust.writeNumberField("user", m.user());
        trust.writeNumberField("turn", m.turn());
        int[] users = m.row().users();
        column("row", users, k -> trust.writeNumber(m.row().weights()[k]));
        column("age", users, k -> trust.writeNumber(m.row().ages()[k]));
        column("age_seconds", users, k -> trust.writeNumber(m.secondsOld()[k]));
        column("information_seconds", users, k -> trust.writeNumber(m.informationAge()[k]));
        column("version", users, k -> trust.writeNumber(m.versions()[k]));
        if (!m.updates().isEmpty()) {
            column(
                    "updates",
                    users,
                    k -> trust.writeArray(m.updates().get(k), 0, m.updates().get(k).length));
        }
        column("evidence_age", users, k -> {
            if (m.row().scoreAges()[k] < 0) {
                trust.writeNull();
            } else {
                trust.writeNumber(m.row().scoreAges()[k]);
            }
        });
        column("score", users, k -> numberOrNull(m.row().scores()[k]));
        if (m.row().moved().length > 0) {
            column("moved", users, k -> numberOrNull(m.row().moved()[k]));
        }
        trust.writeNumberField("row_computed_in_turn", m.row().computed());
        trust.writeNumberField("forward_passes", m.row().passes());
        number(trust, "distance", m.row().distance());
        if (m.row().influence() != null) {
            influence(m.row());
        }
        end(trust);
    }

    private void influence(TrustRow row) throws IOException {
        Influence influence = row.influence();
        if (influence.weights() != null) {
            column("influence", row.users(), k -> trust.writeNumber(influence.weights()[k]));
            list("refused", row.refused());
        }
        if (influence.clipped() != null) {
            list("clipped", influence.clipped());
        }
        trust.writeNumberField("aggregation_passes", influence.passes());
    }

    private void list(String name, int[] users) throws IOException {
        trust.writeFieldName(name);
        trust.writeArray(users, 0, users.length);
    }

    private void numberOrNull(double value) throws IOException {
        if (Double.isFinite(value)) {
            trust.writeNumber(value);
        } else {
            trust.writeNull();
        }
    }

    private interface Cell {
        void write(int k) throws IOException;
    }

    private void column(String name, int[] users, Cell cell) throws IOException {
        trust.writeObjectFieldStart(name);
        for (int k = 0; k < users.length; k++) {
            trust.writeFieldName(String.valueOf(users[k]));
            cell.write(k);
        }
        trust.writeEndObject();
    }

    private void sent(Observation.Sent m) throws IOException {
        messages.writeStartObject();
        messages.writeStringField("event", "sent");
        messages.writeNumberField("virtual_seconds", m.seconds());
        messages.writeNumberField("from", m.user());
        messages.writeNumberField("to", m.to());
        messages.writeNumberField("number", m.number());
        messages.writeStringField("kind", m.kind().name().toLowerCase(Locale.ROOT));
        messages.writeNumberField("turn", m.turn());
        messages.writeNumberField("bytes", m.bytes());
        messages.writeNumberField("delay_seconds", m.delay());
        messages.writeBooleanField("lost", m.lost());
        messages.writeBooleanField("doubled", m.doubled());
        end(messages);
    }

    private void received(Observation.Received m) throws IOException {
        messages.writeStartObject();
        messages.writeStringField("event", "received");
        messages.writeNumberField("virtual_seconds", m.seconds());
        messages.writeNumberField("from", m.from());
        messages.writeNumberField("to", m.user());
        messages.writeNumberField("number", m.number());
        messages.writeBooleanField("copy", m.copy());
        messages.writeStringField("kind", m.kind().name().toLowerCase(Locale.ROOT));
        messages.writeNumberField("turn", m.turn());
        messages.writeNumberField("sent_seconds", m.sent());
        messages.writeBooleanField("taken", m.taken());
        end(messages);
    }

    private void event(Observation o) throws IOException {
        events.writeStartObject();
        events.writeNumberField("virtual_seconds", o.seconds());
        events.writeNumberField("user", o.user());
        if (o instanceof Observation.Crashed c) {
            events.writeStringField("event", "crashed");
            events.writeNumberField("turn", c.turn());
            events.writeNumberField("saved_turn", c.savedTurn());
            number(events, "until_seconds", c.until());
        } else if (o instanceof Observation.Restarted r) {
            events.writeStringField("event", "restarted");
            events.writeNumberField("turn", r.turn());
            events.writeNumberField("iteration", r.iteration());
        } else if (o instanceof Observation.Slept s) {
            events.writeStringField("event", "slept");
            events.writeNumberField("turn", s.turn());
            number(events, "until_seconds", s.until());
        } else if (o instanceof Observation.Absent a) {
            events.writeStringField("event", "absent");
            events.writeNumberField("turn", a.turn());
            number(events, "until_seconds", a.until());
            events.writeBooleanField("trains", a.trains());
        } else if (o instanceof Observation.Drifted d) {
            events.writeStringField("event", "drifted");
            events.writeNumberField("turn", d.turn());
            events.writeNumberField("phase", d.phase());
            events.writeNumberField("since_seconds", d.since());
            events.writeNumberField("over_seconds", d.over());
            events.writeStringField("mixture", words.mixture(d.user(), d.phase()));
        } else if (o instanceof Observation.Attacked a) {
            events.writeStringField("event", a.begins() ? "attack_began" : "attack_ended");
            events.writeNumberField("turn", a.turn());
            events.writeNumberField("entry", a.entry());
            events.writeStringField("attack", a.attack());
        } else if (o instanceof Observation.Refused r) {
            events.writeStringField("event", "refused");
            events.writeNumberField("turn", r.turn());
            events.writeNumberField("from", r.from());
            events.writeNumberField("number", r.number());
            events.writeBooleanField("copy", r.copy());
            events.writeStringField("kind", r.kind().name().toLowerCase(Locale.ROOT));
            events.writeStringField("reason", r.reason().label());
        } else if (o instanceof Observation.Diverged d) {
            events.writeStringField("event", "diverged");
            events.writeNumberField("turn", d.turn());
            events.writeNumberField("iteration", d.iteration());
            events.writeStringField("symptom", d.symptom().label());
        }
        end(events);
    }

    static void end(JsonGenerator g) throws IOException {
        g.writeEndObject();
        g.writeRaw('\n');
    }

    static void number(JsonGenerator g, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            g.writeNumberField(name, value);
        } else {
            g.writeNullField(name);
        }
    }

    private void flush() throws IOException {
        turns.flush();
        evaluations.flush();
        trust.flush();
        events.flush();
        timing.flush();
        if (messages != null) {
            messages.flush();
        }
        if (utility != null) {
            utility.flush();
        }
        flushed = System.nanoTime();
    }

    /** Forces all observations to disk, and closes the files. */
    @Override
    public synchronized void close() throws IOException {
        if (turns.isClosed()) {
            return;
        }
        try (turns;
                evaluations;
                trust;
                events;
                messages;
                utility;
                timing) {
            time();
            force();
        }
    }
}
