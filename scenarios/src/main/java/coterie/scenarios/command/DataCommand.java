package coterie.scenarios.command;

import coterie.model.text.FederatedDataset;
import coterie.model.text.TokenOverlap;
import coterie.model.text.Tokenizer;
import coterie.model.text.UserData;
import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.run.Texts;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code coterie data}: each user's data. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Show each user's data: tokens, mixture, overlap with other users, a sample.")
final class DataCommand implements Callable<Integer> {
    private static final int SAMPLE_TOKENS = 40;
    private static final int LARGEST_MATRIX = 24;

    @Mixin
    private ScenarioOptions scenario;

    @Override
    public Integer call() {
        ScenarioReader.Loaded loaded = scenario.read();
        try (Tokenizer tokenizer = Texts.tokenizer(loaded)) {
            print(Texts.deal(loaded, tokenizer), tokenizer);
        }
        return 0;
    }

    private static void print(FederatedDataset dataset, Tokenizer tokenizer) {
        System.out.printf("%d users, %d tokens shared by all%n", dataset.users().size(), dataset.sharedTokens());
        dataset.notes().forEach(System.out::println);
        System.out.println();
        System.out.printf("%5s %9s %11s %9s  %s%n", "user", "train", "validation", "test", "mixture");
        for (int u = 0; u < dataset.users().size(); u++) {
            UserData d = dataset.users().get(u);
            System.out.printf(
                    "%5d %9d %11d %9d  %s%n",
                    u,
                    d.train().length,
                    d.validation().length,
                    d.test().length,
                    mixture(dataset.categories(), d.mixture()));
        }
        overlaps(dataset);
        System.out.println("\nthe beginning of each user's training text; ¶ begins a document");
        String end = tokenizer.decode(new int[] {tokenizer.endOfText()});
        for (int u = 0; u < dataset.users().size(); u++) {
            int[] train = dataset.users().get(u).train();
            String head = tokenizer.decode(Arrays.copyOf(train, Math.min(train.length, SAMPLE_TOKENS)));
            System.out.printf(
                    "%5d  %s%n",
                    u, head.replace(end, " ¶ ").replaceAll("\\s+", " ").strip());
        }
    }

    private static String mixture(List<String> categories, double[] shares) {
        StringBuilder out = new StringBuilder();
        for (int c = 0; c < shares.length; c++) {
            if (shares[c] > 0) {
                out.append(out.length() == 0 ? "" : ", ")
                        .append(String.format(Locale.ROOT, "%s %.0f %%", categories.get(c), 100 * shares[c]));
            }
        }
        return out.toString();
    }

    private static void overlaps(FederatedDataset dataset) {
        int n = Math.min(LARGEST_MATRIX, dataset.users().size());
        System.out.println("\ntoken overlap of the training texts: multiset Jaccard index, 0 (nothing) to 0.5 (all)"
                + (n < dataset.users().size() ? ", first " + n + " users" : ""));
        for (int i = 0; i < n; i++) {
            StringBuilder line = new StringBuilder(String.format("%5d", i));
            for (int j = 0; j < n; j++) {
                line.append(
                        i == j
                                ? "     -"
                                : String.format(
                                        Locale.ROOT,
                                        "  %.2f",
                                        TokenOverlap.jaccard(
                                                dataset.users().get(i).train(),
                                                dataset.users().get(j).train())));
            }
            System.out.println(line);
        }
    }
}
