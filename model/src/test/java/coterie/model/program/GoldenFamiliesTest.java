package coterie.model.program;

import coterie.model.adapter.PeftFiles;
import coterie.model.base.BaseFamily;
import coterie.model.base.BaseWeights;
import coterie.model.base.PretrainedBase;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One tiny base of each family with an adapter: logits, losses and gradients that transformers and PEFT computed
 * ({@code families.py golden}).
 */
class GoldenFamiliesTest {
    private static final int LENGTH = 12;

    static Stream<String> families() {
        return BaseFamily.all().stream().map(BaseFamily::modelType);
    }

    private static Path folder(String family) throws URISyntaxException {
        return Path.of(
                GoldenFamiliesTest.class.getResource("/families/" + family).toURI());
    }

    @ParameterizedTest
    @MethodSource("families")
    void aFamilyComputesWhatTransformersAndPeftComputed(String family) throws Exception {
        Path folder = folder(family);
        BaseWeights weights = PretrainedBase.weights(folder.resolve("base").toString());
        new Judged(folder, weights, PeftFiles.read(folder.resolve("adapter"), weights.config())).compare(LENGTH);
    }
}
