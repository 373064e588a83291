package coterie.scenarios.results;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import coterie.actors.clock.RunObserver;
import coterie.actors.life.Observation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code turns.jsonl}, {@code evaluations.jsonl} and {@code trust.jsonl}, a line an observation, in the order of virtual time. */
public final class Recorder implements RunObserver, AutoCloseable {
    private static final long FLUSH_NANOS = 1_000_000_000L;
    private final JsonGenerator turns;
    private final JsonGenerator evaluations;
    private final JsonGenerator trust;
    private long flushed = System.nanoTime();

    public Recorder(Path folder) throws IOException {
        turns = open(folder.resolve("turns.jsonl"));
        evaluations = open(folder.resolve("evaluations.jsonl"));
        trust = open(folder.resolve("trust.jsonl"));
    }

    private static JsonGenerator open(Path file) throws IOException {
        BufferedWriter out = Files.newBufferedWriter(file);
        JsonGenerator g = new JsonFactory().createGenerator(out);
        g.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
        return g;
    }

    @Override
    public void observed(Observation o) {
        try {
            if (o instanceof Observation.TurnEnded t) {
                turn(t);
            } else if (o instanceof Observation.Evaluated e) {
                evaluation(e);
            } else if (o instanceof Observation.Mixed m) {
                mixed(m);
            }
            if (System.nanoTime() - flushed > FLUSH_NANOS) {
                flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        turns.writeNumberField("messages_sent", t.sent());
        turns.writeNumberField("messages_lost", t.lost());
        turns.writeNumberField("parameter_bytes", t.parameterBytes());
        turns.writeNumberField("prediction_bytes", t.predictionBytes());
        turns.writeStringField("parameters_hash", String.format("%016x", t.hash()));
        turns.writeEndObject();
    }

    private void evaluation(Observation.Evaluated e) throws IOException {
        evaluations.writeStartObject();
        evaluations.writeNumberField("virtual_seconds", e.seconds());
        evaluations.writeNumberField("user", e.user());
        evaluations.writeNumberField("iteration", e.iteration());
        evaluations.writeNumberField("turn", e.turn());
        number(evaluations, "loss", e.loss());
        number(evaluations, "perplexity", e.perplexity());
        evaluations.writeEndObject();
    }

    private void mixed(Observation.Mixed m) throws IOException {
        trust.writeStartObject();
        trust.writeNumberField("virtual_seconds", m.seconds());
        trust.writeNumberField("user", m.user());
        trust.writeNumberField("turn", m.turn());
        int[] users = m.row().users();
        trust.writeObjectFieldStart("row");
        for (int k = 0; k < users.length; k++) {
            trust.writeNumberField(String.valueOf(users[k]), m.row().weights()[k]);
        }
        trust.writeEndObject();
        trust.writeObjectFieldStart("age");
        for (int k = 0; k < users.length; k++) {
            trust.writeNumberField(String.valueOf(users[k]), m.row().ages()[k]);
        }
        trust.writeEndObject();
        trust.writeObjectFieldStart("age_seconds");
        for (int k = 0; k < users.length; k++) {
            trust.writeNumberField(String.valueOf(users[k]), m.secondsOld()[k]);
        }
        trust.writeEndObject();
        trust.writeNumberField("row_computed_in_turn", m.row().computed());
        trust.writeEndObject();
    }

    private static void number(JsonGenerator g, String name, double value) throws IOException {
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
        flushed = System.nanoTime();
    }

    @Override
    public void close() throws IOException {
        try (turns; evaluations; trust) {
            flush();
        }
    }
}
