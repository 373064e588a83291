package coterie.scenarios.learner;

import coterie.model.adapter.AdapterLayout;
import coterie.model.learn.LearningDevice;
import coterie.model.text.FederatedDataset;
import coterie.model.text.Tokenizer;
import coterie.scenarios.config.Scenario;
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

/**
 * The beginning of a user's test text, and two continuations: by the base alone, and with the user's final adapter.
 *
 * @param category of which the user has most
 */
public record TextSample(int user, String category, String beginning, String before, String after) {
    private static final int BEGINNING = 16;
    private static final int WRITTEN = 32;
    private static final int LIKELIEST = 40;
    private static final double TEMPERATURE = 0.8;

    /**
     * Samples of as many users as the scenario asks for, one of each category first. Both continuations are drawn with
     * the same random numbers.
     */
    public static List<TextSample> of(
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
    public static int[] users(Scenario s, double[][] mixtures) {
        return chosen(Categories.of(mixtures).toArray(), s.record().samples()).stream()
                .mapToInt(u -> u)
                .toArray();
    }

    /** The first user of each category, then the others in order. */
    static Set<Integer> chosen(int[] categories, int most) {
        Map<Integer, Integer> firsts = new LinkedHashMap<>();
        for (int u = 0; u < categories.length; u++) {
            firsts.putIfAbsent(categories[u], u);
        }
        Set<Integer> order = new LinkedHashSet<>(firsts.values());
        for (int u = 0; u < categories.length && order.size() < most; u++) {
            order.add(u);
        }
        return new LinkedHashSet<>(order.stream().limit(most).toList());
    }
}
