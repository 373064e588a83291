package coterie.scenarios.config;

import coterie.model.task.DataSource;
import coterie.model.text.Partition;
import coterie.model.text.SharedText;
import java.util.List;
import java.util.Map;

/** The data and its distribution over users. */
public record DataSettings(
        DataSource source,
        String path,
        Long seed,
        Heterogeneity heterogeneity,
        Partition.Arrangement arrangement,
        List<Map<String, Double>> mixtures,
        List<DataDrift> drift,
        int trainTokens,
        int validationTokens,
        int testTokens,
        int sharedTokens,
        int trainRows,
        int validationRows,
        int testRows,
        Shared shared) {
    public DataSettings {
        Scenario.require(trainTokens >= 2, "train_tokens must be at least 2, found " + trainTokens);
        Scenario.require(validationTokens >= 0, "validation_tokens must not be negative, found " + validationTokens);
        Scenario.require(testTokens >= 2, "test_tokens must be at least 2, found " + testTokens);
        Scenario.require(sharedTokens >= 0, "shared_tokens must not be negative, found " + sharedTokens);
        Scenario.positive("train_rows", trainRows);
        Scenario.require(validationRows >= 0, "validation_rows must not be negative, found " + validationRows);
        Scenario.positive("test_rows", testRows);
    }

    public enum Heterogeneity {
        HIGH,
        LOW,
        MIXTURES
    }

    /**
     * Where X_S comes from.
     *
     * @param categories the categories to take; empty for all
     */
    public record Shared(SharedText source, List<String> categories) {
        public Shared {
            Scenario.require(
                    !source.isOfUsers() || categories.isEmpty(),
                    "categories has no effect with source: users, found " + String.join(", ", categories));
        }
    }
}
