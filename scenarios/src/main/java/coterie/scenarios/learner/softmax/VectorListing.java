package coterie.scenarios.learner.softmax;

import coterie.model.trust.UserMixtures;
import coterie.model.vectors.Rows;
import coterie.model.vectors.VectorDataset;
import coterie.model.vectors.VectorUser;
import coterie.scenarios.learner.DriftListing;
import coterie.scenarios.learner.GroupColumn;
import coterie.scenarios.learner.Mixtures;
import java.io.PrintStream;
import java.util.List;

/** Each user's vectors for people: rows, mixture of categories, shares of labels in the training rows. */
final class VectorListing {
    private final VectorDataset dataset;
    private final UserMixtures mixtures;
    private final GroupColumn groups;
    private final PrintStream out;

    VectorListing(VectorDataset dataset, UserMixtures mixtures, GroupColumn groups, PrintStream out) {
        this.dataset = dataset;
        this.mixtures = mixtures;
        this.groups = groups;
        this.out = out;
    }

    void print() {
        List<String> classes = dataset.classes();
        out.printf(
                "%d users, vectors of %d numbers, %d labels%n%n",
                dataset.users().size(), dataset.inputs().size(), classes.size());
        out.printf("%5s %s%9s %11s %9s  %s%n", "user", groups.head(), "train", "validation", "test", "mixture; labels");
        for (int u = 0; u < dataset.users().size(); u++) {
            VectorUser d = dataset.users().get(u);
            out.printf(
                    "%5d %s%9d %11d %9d  %s; %s%n",
                    u,
                    groups.of(u),
                    d.train().size(),
                    d.validation().size(),
                    d.test().size(),
                    Mixtures.inWords(dataset.categories(), d.mixture()),
                    Mixtures.inWords(classes, shares(d.train(), classes.size())));
        }
        DriftListing.print(mixtures, dataset.categories(), out);
    }

    private static double[] shares(Rows rows, int classes) {
        double[] shares = new double[classes];
        for (int label : rows.labels()) {
            shares[label] += 1.0 / rows.size();
        }
        return shares;
    }
}
