package coterie.scenarios.command;

import coterie.scenarios.config.ScenarioReader;
import coterie.scenarios.learner.AttackListing;
import coterie.scenarios.learner.LearnerInputs;
import coterie.scenarios.learner.RunnableLearner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code coterie data}: each user's data. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description =
                "Show each user's data: tokens or rows, mixture; of text also overlap with other users and a sample.")
final class DataCommand implements Callable<Integer> {
    @Mixin
    private ScenarioOptions scenario;

    @Override
    public Integer call() {
        ScenarioReader.Loaded loaded = scenario.read();
        try (LearnerInputs inputs = RunnableLearner.of(loaded).open(loaded)) {
            inputs.print(loaded, System.out);
            AttackListing.print(loaded.scenario(), System.out);
        }
        return 0;
    }
}
