package coterie.model.learn;

import coterie.model.adapter.AdapterLayout;
import coterie.model.exchange.Predictions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forward passes that turns are about to make with their users' own adapters, computed for several users together. Only
 * where training passes have constant places: a CPU gains nothing from it.
 *
 * <p>These passes have constant places too, and a pass that is foreseen always gets them, even if no other user shares
 * it. If every place gives the same bits, which is tried once for each shape, no result depends on who shares a pass.
 */
final class ForwardStacks {
    /** A pass of so many tokens keeps a GPU busy; places of a larger one would only be empty more often. */
    private static final int TOKENS = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(ForwardStacks.class);

    /**
     * A forward pass that a turn is about to make.
     *
     * @param predictions where logits are compared; null if a loss is wanted
     * @param loss receives the loss; null if predictions are wanted
     * @param predicted receives the predictions; null if a loss is wanted
     */
    record Foreseen(
            AdapterLayout layout,
            LearningRules.PredictionRules predictions,
            ForwardPasses.Reading reading,
            DoubleConsumer loss,
            Consumer<Predictions> predicted) {
        static Foreseen ofLoss(AdapterLayout layout, ForwardPasses.Reading reading, DoubleConsumer loss) {
            return new Foreseen(layout, null, reading, loss, null);
        }

        static Foreseen ofPredictions(
                AdapterLayout layout,
                LearningRules.PredictionRules predictions,
                ForwardPasses.Reading reading,
                Consumer<Predictions> predicted) {
            return new Foreseen(layout, predictions, reading, null, predicted);
        }
    }

    /** What passes have in common that can be computed together. */
    private record Kind(
            AdapterLayout layout,
            LearningRules.PredictionRules predictions,
            boolean quiet,
            int places,
            int n,
            int length) {}

    private final ForwardPasses forward;
    /** Whether every place gives the same bits. */
    private final Map<Kind, Boolean> constant = new ConcurrentHashMap<>();

    ForwardStacks(ForwardPasses forward) {
        this.forward = forward;
    }

    /**
     * Adapters in a forward pass, of n sequences each; 1 where users share no forward passes.
     *
     * @param training how users share training passes
     */
    static int places(Passes training, int n, int length) {
        if (training.kind() != Passes.Kind.CONSTANT) {
            return 1;
        }
        int tokens = Math.multiplyExact(Math.max(1, Math.min(n, ForwardPasses.ROWS)), length);
        return Math.max(1, Math.min(training.most(), TOKENS / tokens));
    }

    /** Computes the forward passes that turns ask for next, and hands them the results. */
    void compute(List<LoraLearner.Turn> turns) {
        Map<Kind, List<Foreseen>> alike = new LinkedHashMap<>();
        for (LoraLearner.Turn turn : turns) {
            if (turn.passes().kind() != Passes.Kind.CONSTANT) {
                continue;
            }
            for (Foreseen f : turn.foreseen()) {
                TokenWindows w = f.reading.windows();
                Kind kind = new Kind(
                        f.layout,
                        f.predictions,
                        f.reading.noise() == ForwardPasses.QUIET,
                        places(turn.passes(), w.n(), w.length()),
                        w.n(),
                        w.length());
                alike.computeIfAbsent(kind, k -> new ArrayList<>()).add(f);
            }
        }
        alike.forEach(this::compute);
    }

    private void compute(Kind kind, List<Foreseen> all) {
        if (kind.places == 1 || !isConstant(kind, all.get(0))) {
            // Each turn computes its own.
            return;
        }
        for (int at = 0; at < all.size(); at += kind.places) {
            List<Foreseen> some = all.subList(at, Math.min(all.size(), at + kind.places));
            List<ForwardPasses.Reading> readings =
                    some.stream().map(Foreseen::reading).toList();
            if (kind.predictions == null) {
                double[] losses = forward.losses(kind.layout, readings, kind.places);
                for (int u = 0; u < some.size(); u++) {
                    some.get(u).loss.accept(losses[u]);
                }
            } else {
                List<Predictions> found = forward.predictions(kind.layout, kind.predictions, readings, kind.places);
                for (int u = 0; u < some.size(); u++) {
                    some.get(u).predicted.accept(found.get(u));
                }
            }
        }
    }

    /** Whether every place of a pass gives the same bits: tried with one adapter in all of them. */
    private boolean isConstant(Kind kind, Foreseen one) {
        return constant.computeIfAbsent(kind, k -> {
            boolean same = PassRule.constant(
                    k.places, (places, apart) -> forward.ofTokens(k.layout, List.of(one.reading), places));
            if (!same) {
                LOG.warn(
                        "evaluations of {} x {} tokens are computed one user at a time:"
                                + " more users a pass would change their bits",
                        k.n,
                        k.length);
            }
            return same;
        });
    }
}
