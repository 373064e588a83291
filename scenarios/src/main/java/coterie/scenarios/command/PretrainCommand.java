package coterie.scenarios.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import coterie.model.gpt2.Gpt2Config;
import coterie.model.gpt2.Precision;
import coterie.model.pretrain.PretrainPlan;
import coterie.model.pretrain.Pretraining;
import coterie.model.text.DataException;
import coterie.model.torch.ComputeDevice;
import coterie.scenarios.run.Texts;
import coterie.scenarios.schema.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coterie pretrain}: trains a small base from text. */
@Command(name = "pretrain", mixinStandardHelpOptions = true, description = "Train a small base model from text; goes on from its last checkpoint.")
final class PretrainCommand implements Callable<Integer> {
    /** The file's form. */
    record PlanFile(long seed, ModelPart model, long tokenizerCharacters, List<SourcePart> sources, TrainingPart training) {
    }

    record ModelPart(int layers, int width, int heads, int vocabulary, int context) {
    }

    record SourcePart(String label, String path, List<String> categories, double weight, int maxTokens, Double from) {
    }

    record TrainingPart(int steps, int batch, int shards, Precision precision, double learningRate, double weightDecay, int evaluateEvery) {
    }

    @Parameters(index = "0", paramLabel = "FILE", description = "what to train, YAML; see scenarios/pretrain/tiny.yaml")
    private Path file;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "folder for the base, in Hugging Face's layout")
    private Path out;

    @Mixin
    private DeviceOptions device;

    @Override
    public Integer call() throws Exception {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": there is no such file");
        }
        device.check();
        PretrainPlan plan = read();
        try (ComputeDevice on = ComputeDevice.of(device.name());
                Pretraining training = new Pretraining(plan, out, on, device.threads(), System.err::println)) {
            training.run();
        } catch (DataException | IllegalArgumentException e) {
            throw new InputException(file + ": " + e.getMessage());
        }
        System.out.println("base: " + out);
        return 0;
    }

    private PretrainPlan read() throws Exception {
        ObjectMapper mapper = YAMLMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS).enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();
        try {
            PlanFile p = mapper.readValue(file.toFile(), PlanFile.class);
            List<PretrainPlan.Source> sources = p.sources().stream().map(s -> new PretrainPlan.Source(s.label(), Texts.resolve(s.path(), file),
                    s.categories() == null ? List.of() : s.categories(), s.weight(), s.maxTokens(), s.from() == null ? 0 : s.from())).toList();
            ModelPart m = p.model();
            TrainingPart t = p.training();
            return new PretrainPlan(p.seed(), Gpt2Config.of(m.layers(), m.width(), m.heads(), m.vocabulary(), m.context()), p.tokenizerCharacters(), sources,
                    t.steps(), t.batch(), t.shards(), t.precision(), t.learningRate(), t.weightDecay(), t.evaluateEvery());
        } catch (JsonMappingException e) {
            String path = e.getPath().stream().map(r -> r.getFieldName() == null ? String.valueOf(r.getIndex()) : r.getFieldName())
                    .collect(Collectors.joining("."));
            throw new InputException(file + ": " + path + ": " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new InputException(file + ":" + e.getLocation().getLineNr() + ": no valid YAML: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw new InputException(file + ": " + e.getMessage());
        }
    }
}
