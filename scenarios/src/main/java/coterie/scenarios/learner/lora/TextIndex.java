package coterie.scenarios.learner.lora;

import coterie.model.text.DatasetOutline;
import coterie.scenarios.config.ScenarioReader.Loaded;
import coterie.scenarios.learner.DataIndex;
import coterie.scenarios.learner.HostDevice;
import coterie.scenarios.learner.LearnerHost;
import coterie.scenarios.learner.TextSample;
import java.util.List;
import java.util.stream.IntStream;

/** Where users' documents stand, X_S, and hashes of their tokens. */
final class TextIndex implements DataIndex {
    private static final HostDevice WRITING = new HostDevice("cpu", 1, 1);

    private final LanguageModelInputs inputs;
    private final Texts.Indexed text;
    private final String baseHash;

    /** @param baseHash hash of the base */
    TextIndex(LanguageModelInputs inputs, Texts.Indexed text, String baseHash) {
        this.inputs = inputs;
        this.text = text;
        this.baseHash = baseHash;
    }

    @Override
    public DatasetOutline outline() {
        return text.outline();
    }

    @Override
    public byte[] bytes(int[] users) {
        return new NodeText(text.index().of(users), text.shared()).bytes();
    }

    @Override
    public String fingerprint(int[] users) {
        return text.hashes().of(baseHash, users);
    }

    @Override
    public String dataHash() {
        int users = outline().mixtures().length;
        return text.hashes().of("", IntStream.range(0, users).toArray());
    }

    @Override
    public List<TextSample> samples(Loaded loaded, List<float[]> parameters) {
        int[] users = SampleWriter.users(loaded.scenario(), outline().mixtures());
        if (users.length == 0) {
            return List.of();
        }
        try (LearnerHost writing = inputs.host(loaded, List.of(WRITING))) {
            writing.load(loaded, users, bytes(users));
            return writing.samples(loaded, parameters);
        }
    }
}
