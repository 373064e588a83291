package coterie.scenarios.command;

import coterie.model.base.family.Gpt2Family;
import coterie.model.pretrain.PretrainPlan;
import coterie.model.pretrain.Pretraining;
import coterie.model.program.Precision;
import coterie.model.text.DataException;
import coterie.model.torch.ComputeDevice;
import coterie.scenarios.config.InputException;
import coterie.scenarios.config.InputFile;
import coterie.scenarios.config.LocatedTree;
import coterie.scenarios.config.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie pretrain}: trains a small base from text. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        description = "Train a small base model from text; goes on from its last checkpoint.")
final class PretrainCommand implements Callable<Integer> {
    /** The structure of the plan's file. */
    record PlanFile(
            long seed, ModelPart model, long tokenizerCharacters, List<SourcePart> sources, TrainingPart training) {}

    record ModelPart(int layers, int width, int heads, int vocabulary, int context) {}

    record SourcePart(String label, String path, List<String> categories, double weight, int maxTokens, Double from) {}

    record TrainingPart(
            int steps,
            int batch,
            int shards,
            Precision precision,
            double learningRate,
            double weightDecay,
            int evaluateEvery) {}

    @Parameters(index = "0", paramLabel = "FILE", description = "training plan, YAML; see scenarios/pretrain/tiny.yaml")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "folder for the base, in Hugging Face's layout")
    private Path out;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws Exception {
        device.check();
        PretrainPlan plan = read();
        String name = device.usable();
        Consumer<String> progress = System.err::println;
        try (ComputeDevice on = ComputeDevice.of(name);
                Pretraining training = new Pretraining(plan, out, on, device.threads(), progress)) {
            training.run();
        } catch (DataException | IllegalArgumentException e) {
            throw new InputException(file + ": " + e.getMessage());
        }
        System.out.println("base: " + out);
        return 0;
    }

    private PretrainPlan read() {
        LocatedTree tree = LocatedTree.parse(file.toString(), InputFile.text(file));
        PlanFile p = RecordReader.read(tree.root(), PlanFile.class, tree::at);
        require(p.model(), "model", tree);
        require(p.training(), "training", tree);
        require(p.sources(), "sources", tree);
        try {
            List<PretrainPlan.Source> sources = new ArrayList<>();
            for (int k = 0; k < p.sources().size(); k++) {
                SourcePart s = p.sources().get(k);
                require(s.path(), "sources." + k + ".path", tree);
                sources.add(new PretrainPlan.Source(
                        s.label(),
                        InputFile.located(Path.of(s.path()), file),
                        s.categories() == null ? List.of() : s.categories(),
                        s.weight(),
                        s.maxTokens(),
                        s.from() == null ? 0 : s.from()));
            }
            ModelPart m = p.model();
            TrainingPart t = p.training();
            return new PretrainPlan(
                    p.seed(),
                    Gpt2Family.shape(m.layers(), m.width(), m.heads(), m.vocabulary(), m.context()),
                    p.tokenizerCharacters(),
                    sources,
                    t.steps(),
                    t.batch(),
                    t.shards(),
                    t.precision(),
                    t.learningRate(),
                    t.weightDecay(),
                    t.evaluateEvery());
        } catch (IllegalArgumentException e) {
            throw new InputException(file + ": " + e.getMessage());
        }
    }

    private static void require(Object part, String key, LocatedTree tree) {
        if (part == null) {
            throw new InputException(tree.at(key) + ": must be there, found nothing");
        }
    }
}
