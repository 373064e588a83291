package coterie.scenarios.learner.softmax;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import coterie.model.files.AtomicFiles;
import coterie.model.text.DataException;
import coterie.model.text.DatasetOutline;
import coterie.model.trust.UserMixtures;
import coterie.model.vectors.LabelledRows;
import coterie.model.vectors.VectorDataset;
import coterie.model.vectors.VectorPartition;
import coterie.model.vectors.VectorSource;
import coterie.scenarios.config.DataDrift;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.config.UserGroup;
import coterie.scenarios.learner.DataIndex;
import coterie.scenarios.learner.GroupColumn;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.LearnerHost;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.MemoryEstimate;
import coterie.scenarios.learner.Mixtures;
import coterie.topology.drift.Drifts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The vectors of a scenario, and the shape of the regressions on them. */
final class VectorInputs implements LearnerInputs {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Arrays [P] of 4-byte numbers of a user: parameters, AdamW's two moments, the last snapshot, and the gradient in
     * 8-byte numbers.
     */
    private static final int HEAP_ROWS = 6;

    private final double l2;
    private final List<String> inputs;
    private final List<String> classes;
    private final int parameters;
    /** Null when they have been divided among users. */
    private LabelledRows rows;

    /**
     * Reads the vectors.
     *
     * @param l2 λ of the penalty
     * @throws InputException if they cannot be read
     */
    VectorInputs(Loaded loaded, double l2) {
        this.l2 = l2;
        rows = read(loaded);
        inputs = rows.inputs();
        classes = rows.classes();
        long size = classes.size() * (inputs.size() + 1L);
        if (size > Integer.MAX_VALUE) {
            throw new InputException(loaded.at("data.path") + ": a regression of " + classes.size() + " labels on "
                    + inputs.size() + " numbers has " + size + " parameters; at most " + Integer.MAX_VALUE
                    + " are possible");
        }
        parameters = (int) size;
    }

    private static LabelledRows read(Loaded loaded) {
        try {
            return ((VectorSource) loaded.scenario().data().source()).read();
        } catch (DataException e) {
            throw refused(loaded, e);
        }
    }

    private static InputException refused(Loaded loaded, DataException e) {
        String key = loaded.scenario().data().path() == null ? "data.source" : "data.path";
        return new InputException(loaded.at(key) + ": " + e.getMessage());
    }

    double l2() {
        return l2;
    }

    @Override
    public int parameters() {
        return parameters;
    }

    @Override
    public void checkMemory(Loaded loaded) {
        MemoryEstimate.checkUsers(loaded, "models", parameters, HEAP_ROWS, 0);
    }

    /** Bytes of all users' models and rows. */
    double bytesPerRun(Scenario s) {
        double tested = (double) s.data().validationRows() + s.data().testRows();
        int[] trained = UserGroup.trainRows(s);
        Drifts drifts = DataDrift.of(s);
        double rows = IntStream.range(0, s.users())
                .mapToDouble(u -> (drifts.of(u).size() + 1) * (trained[u] + tested))
                .sum();
        return Float.BYTES * (s.users() * (HEAP_ROWS * (double) parameters) + rows * inputs.size());
    }

    @Override
    public DatasetOutline check(Loaded loaded) {
        LabelledRows all = taken(loaded);
        VectorPartition partition = partition(loaded, all);
        try {
            partition.requireEnough(all);
        } catch (DataException e) {
            throw refused(loaded, e);
        }
        return partition.outline(all.categories());
    }

    /** Divides the vectors among users; all users but some get no rows. */
    VectorDataset deal(Loaded loaded, int[] users) {
        LabelledRows all = taken(loaded);
        try {
            return partition(loaded, all).deal(all, loaded.scenario().data().seed(), users);
        } catch (DataException e) {
            throw refused(loaded, e);
        }
    }

    VectorDataset deal(Loaded loaded) {
        return deal(loaded, IntStream.range(0, loaded.scenario().users()).toArray());
    }

    /** Returns the vectors, which are read again when they are needed next. */
    private LabelledRows taken(Loaded loaded) {
        LabelledRows all = rows != null ? rows : read(loaded);
        rows = null;
        return all;
    }

    private static VectorPartition partition(Loaded loaded, LabelledRows all) {
        Scenario s = loaded.scenario();
        UserMixtures mixtures = Mixtures.overTime(loaded, all.categories());
        return new VectorPartition(
                mixtures.first(),
                mixtures.later(),
                UserGroup.trainRows(s),
                s.data().validationRows(),
                s.data().testRows());
    }

    @Override
    public DataIndex index(Loaded loaded) {
        return new VectorIndex(deal(loaded));
    }

    @Override
    public LearnerHost host(Loaded loaded, List<HostDevice> devices) {
        return new VectorHost(this, devices);
    }

    /** Writes {@code models/user-N.json}: names of inputs and classes, weights [C][D] and biases [C]. */
    @Override
    public void write(Path run, Loaded loaded, int user, float[] parameters, AtomicFiles.Group files)
            throws IOException {
        ObjectNode n = JSON.createObjectNode().put("learner", "softmax");
        inputs.forEach(n.putArray("inputs")::add);
        classes.forEach(n.putArray("classes")::add);
        ArrayNode weights = n.putArray("weights");
        ArrayNode biases = n.putArray("biases");
        int at = 0;
        for (int c = 0; c < classes.size(); c++) {
            ArrayNode row = weights.addArray();
            for (int d = 0; d < inputs.size(); d++) {
                row.add(parameters[at++]);
            }
            biases.add(parameters[at++]);
        }
        byte[] text = (JSON.writeValueAsString(n) + "\n").getBytes(StandardCharsets.UTF_8);
        files.write(run.resolve("models/user-" + user + ".json"), out -> out.write(text));
    }

    @Override
    public void print(Loaded loaded, PrintStream out) {
        VectorDataset dataset = deal(loaded);
        UserMixtures mixtures = Mixtures.overTime(loaded, dataset.categories());
        new VectorListing(dataset, mixtures, GroupColumn.of(loaded), out).print();
    }

    @Override
    public void close() {
        rows = null;
    }
}
