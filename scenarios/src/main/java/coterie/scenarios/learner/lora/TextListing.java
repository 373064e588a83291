package coterie.scenarios.learner.lora;

import coterie.model.text.FederatedDataset;
import coterie.model.text.TokenOverlap;
import coterie.model.text.Tokenizer;
import coterie.model.text.UserData;
import coterie.model.trust.UserMixtures;
import coterie.scenarios.learner.DriftListing;
import coterie.scenarios.learner.GroupColumn;
import coterie.scenarios.learner.Mixtures;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/** Each user's text for people: tokens, mixture, overlap with other users, a sample. */
final class TextListing {
    private static final int SAMPLE_TOKENS = 40;
    private static final int LARGEST_MATRIX = 24;

    private final FederatedDataset dataset;
    private final UserMixtures mixtures;
    private final Tokenizer tokenizer;
    private final String shared;
    private final GroupColumn groups;
    private final PrintStream out;

    /** @param shared source of X_S, as in the scenario */
    TextListing(
            FederatedDataset dataset,
            UserMixtures mixtures,
            Tokenizer tokenizer,
            String shared,
            GroupColumn groups,
            PrintStream out) {
        this.dataset = dataset;
        this.mixtures = mixtures;
        this.shared = shared;
        this.tokenizer = tokenizer;
        this.groups = groups;
        this.out = out;
    }

    void print() {
        out.printf(
                "%d users, %d tokens shared by all (data.shared.source: %s)%n",
                dataset.users().size(), dataset.sharedTokens(), shared);
        dataset.notes().forEach(out::println);
        out.println();
        out.printf("%5s %s%9s %11s %9s  %s%n", "user", groups.head(), "train", "validation", "test", "mixture");
        for (int u = 0; u < dataset.users().size(); u++) {
            UserData d = dataset.users().get(u);
            out.printf(
                    "%5d %s%9d %11d %9d  %s%n",
                    u,
                    groups.of(u),
                    d.train().length,
                    d.validation().length,
                    d.test().length,
                    Mixtures.inWords(dataset.categories(), d.mixture()));
        }
        DriftListing.print(mixtures, dataset.categories(), out);
        overlaps();
        out.println("\nthe beginning of each user's training text; ¶ begins a document");
        String end = tokenizer.decode(new int[] {tokenizer.endOfText()});
        for (int u = 0; u < dataset.users().size(); u++) {
            int[] train = dataset.users().get(u).train();
            String head = tokenizer.decode(Arrays.copyOf(train, Math.min(train.length, SAMPLE_TOKENS)));
            out.printf(
                    "%5d  %s%n",
                    u, head.replace(end, " ¶ ").replaceAll("\\s+", " ").strip());
        }
    }

    private void overlaps() {
        int n = Math.min(LARGEST_MATRIX, dataset.users().size());
        out.println("\ntoken overlap of the training texts: multiset Jaccard index, 0 (nothing) to 0.5 (all)"
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
            out.println(line);
        }
    }
}
