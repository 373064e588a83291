package coterie.scenarios.learner.lora;

import coterie.model.adapter.AdapterLayout;
import coterie.model.learn.LearningDevice;
import coterie.model.text.FederatedDataset;
import coterie.model.text.Tokenizer;
import coterie.scenarios.config.Scenario;
import coterie.scenarios.learner.TextSample;
import coterie.scenarios.results.Categories;
import coterie.topology.random.Purpose;
import coterie.topology.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lets users' models write: how their test texts go on before and after the run. */
final class SampleWriter {
    private static final int BEGINNING = 16;
    private static final int WRITTEN = 32;
    private static final int LIKELIEST = 40;
    private static final double TEMPERATURE = 0.8;

    private SampleWriter() {}

    /**
     * Samples of as many users as the scenario asks for, one of each category first. Both continuations are drawn with
     * the same random numbers.
     */
    static List<TextSample> write(
            Scenario s,
            FederatedDataset dataset,
            Tokenizer tokenizer,
            AdapterLayout layout,
            List<float[]> adapters,
            LearningDevice device) {
        int[] categories = Categories.of(dataset.mixtures()).toArray();
        List<TextSample> all = new ArrayList<>();
        for (int u : users(s, dataset.mixtures())) {
            if (adapters.get(u) == null) {
                continue;
            }
            int[] test = dataset.users().get(u).test();
            int[] beginning = Arrays.copyOf(
                    test, Math.min(test.length, Math.min(BEGINNING, s.training().context() / 2)));
            String before =
                    written(tokenizer, device, layout, new float[adapters.get(u).length], beginning, s.seed(), u);
            String after = written(tokenizer, device, layout, adapters.get(u), beginning, s.seed(), u);
            all.add(new TextSample(
                    u, dataset.categories().get(categories[u]), tokenizer.decode(beginning), before, after));
        }
        return all;
    }

    private static String written(
            Tokenizer tokenizer,
            LearningDevice device,
            AdapterLayout layout,
            float[] adapter,
            int[] beginning,
            long seed,
            int user) {
        return tokenizer.decode(device.continued(
                layout,
                adapter,
                beginning,
                WRITTEN,
                LIKELIEST,
                TEMPERATURE,
                RandomStream.of(seed, Purpose.SAMPLES, user)));
    }

    /**
     * Users of whom samples are written, in their order.
     *
     * @param mixtures [N][categories]
     */
    static int[] users(Scenario s, double[][] mixtures) {
        return users(Categories.of(mixtures).toArray(), s.record().samples());
    }

    /** The first user of each category, then the others in order. */
    static int[] users(int[] categories, int most) {
        Map<Integer, Integer> firsts = new LinkedHashMap<>();
        for (int u = 0; u < categories.length; u++) {
            firsts.putIfAbsent(categories[u], u);
        }
        Set<Integer> order = new LinkedHashSet<>(firsts.values());
        for (int u = 0; u < categories.length; u++) {
            order.add(u);
        }
        return order.stream().limit(most).mapToInt(u -> u).toArray();
    }
}
